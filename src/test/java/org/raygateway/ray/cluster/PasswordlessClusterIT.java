package org.raygateway.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.EventReader;
import org.raygateway.GatewayProcess;
import org.raygateway.TestHttp;
import org.raygateway.driver.v1.Execution;
import org.raygateway.servicebus.FakeIdentity;
import org.raygateway.servicebus.TlsFront;
import org.raygateway.servicebus.embedded.IdentityBroker;

/**
 * Gateway, driver, and workers in Java and Python that know a namespace's name and their machine's identity, and no key. Nothing
 * asks the driver how jobs ended here: a status that shows was published, over TLS, by who held a token.
 */
@Tag("cluster")
class PasswordlessClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TOKEN = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJzZXJ2aWNlYnVzIn0.c2lnbmF0dXJl";
    private static final String DRIVER = "driver";
    private static final String WORKERS = "workers";
    private static final String JAVA = "azsdk-java-";
    private static final String PYTHON = "azsdk-python-";

    /** Refused so often, a publisher has gone on after its first failure. */
    private static final int SOME_REFUSALS = 2;

    @TempDir
    static Path folder;

    private static FakeIdentity identity;
    private static IdentityBroker broker;
    private static TlsFront front;
    private static RayCluster cluster;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws Exception {
        RayCluster.requireRay();
        identity = new FakeIdentity(TOKEN);
        broker = new IdentityBroker(folder.resolve("broker.db"), Set.of(TOKEN));
        front = new TlsFront(folder, broker.port());
        cluster = RayCluster.start(folder, node(), driver());
        gateway = GatewayProcess.start(
                folder.resolve("data"),
                identity.environment("gateway"),
                front.trustOptions(),
                "gateway.servicebus.mode",
                "azure",
                "gateway.servicebus.namespace",
                TlsFront.ADDRESS,
                "gateway.ray.mode",
                "cluster",
                "gateway.driver.address",
                cluster.driverAddress(),
                "gateway.computations-dir",
                catalogue().toString(),
                "gateway.reconcile.period",
                "1h");
    }

    /** Workers inherit it. */
    private static Map<String, String> node() {
        Map<String, String> environment = new HashMap<>(identity.environment(WORKERS));
        environment.put("RAYGATEWAY_SERVICEBUS_NAMESPACE", TlsFront.ADDRESS);
        environment.put("SSL_CERT_FILE", front.certificate().toString());
        return environment;
    }

    private static Map<String, String> driver() {
        String trust = String.join(" ", front.trustOptions());
        Map<String, String> environment = new HashMap<>(identity.environment(DRIVER));
        environment.put("RAYGATEWAY_SERVICEBUS_NAMESPACE", TlsFront.ADDRESS);
        environment.put("JAVA_OPTS", trust);
        environment.put("GATEWAY_RAY_WORKER_OPTIONS", "-Xmx256m -XX:+UseSerialGC " + trust);
        return environment;
    }

    /** A job in Java and one in Python on actors of their own, and one that only the driver will ever say anything of. */
    private static Path catalogue() throws IOException {
        Path catalogue = Files.createDirectory(folder.resolve("computations"));
        for (String name : List.of("epidemic.yaml", "heat_equation.yaml")) {
            Files.copy(Path.of("computations", name), catalogue.resolve(name));
        }
        Files.writeString(
                catalogue.resolve("hungry.yaml"),
                "name: hungry\ntitle: Hungry\ndescription: No node has room for it.\nlanguage: java\n"
                        + "entry-point: org.raygateway.ray.computations.MonteCarlo\nresources: {cpus: 64, memory: 64MiB}\n"
                        + "isolation: dedicated\ntimeout: 1m\ngrace: 1s\nattempts: 1\n"
                        + "parameters: {type: object}\nexample: {}\n");
        return catalogue;
    }

    @AfterEach
    void trustAgain() {
        identity.trust(WORKERS);
        identity.trust(DRIVER);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable started : new AutoCloseable[] {gateway, cluster, front, broker, identity}) {
            if (started != null) {
                started.close();
            }
        }
    }

    private static String submit(String type, String parameters) {
        HttpResponse<String> answer = gateway.http()
                .post("/jobs", "{\"simulation_type\": \"" + type + "\", \"parameters\": " + parameters + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return TestHttp.json(answer).get("job_id").asText();
    }

    private static String status(String job) {
        return TestHttp.json(gateway.http().get("/jobs/" + job)).path("status").asText();
    }

    private static void awaitStatus(String job, String status) {
        await().atMost(PATIENCE).until(() -> status(job), status::equals);
    }

    private static List<String> statuses(String job) {
        try (EventReader reader = EventReader.open(gateway.http().uri("/jobs/" + job + "/events"))) {
            return reader.awaitEnd().stream().map(EventReader.Event::status).toList();
        }
    }

    private static long asked(String machine, String sdk, boolean answered) {
        return identity.requests().stream()
                .filter(request -> request.machine().equals(machine)
                        && request.userAgent().contains(sdk)
                        && request.answered() == answered
                        && request.query().contains("resource=https://servicebus.azure.net"))
                .count();
    }

    @Test
    void driverPublishesWithItsMachinesIdentityAsSoonAsThatIsTrusted() {
        identity.refuse(DRIVER);
        String job = submit("hungry", "{}");
        await().atMost(PATIENCE).until(() -> cluster.describe(job).getState(), Execution.State.WAITING::equals);
        gateway.http().delete("/jobs/" + job);
        awaitRefusals(job, DRIVER, JAVA);

        identity.trust(DRIVER);

        awaitStatus(job, "CANCELLED");
        assertThat(asked(DRIVER, JAVA, true)).isPositive();
    }

    @Test
    void javaWorkerPublishesWithItsMachinesIdentityAsSoonAsThatIsTrusted() {
        publishesOnceTrusted("epidemic", "{\"runs\": 50}", JAVA);
    }

    @Test
    void pythonWorkerPublishesWithItsMachinesIdentityAsSoonAsThatIsTrusted() {
        publishesOnceTrusted("heat_equation", "{\"steps\": 50}", PYTHON);
    }

    private static void publishesOnceTrusted(String type, String parameters, String sdk) {
        identity.refuse(WORKERS);
        String job = submit(type, parameters);
        awaitRefusals(job, WORKERS, sdk);

        identity.trust(WORKERS);

        awaitStatus(job, "COMPLETED");
        assertThat(statuses(job)).contains("RUNNING", "COMPLETED");
        assertThat(asked(WORKERS, sdk, true)).isPositive();
    }

    /** Nothing is heard of the job meanwhile. */
    private static void awaitRefusals(String job, String machine, String sdk) {
        await().atMost(PATIENCE).until(() -> asked(machine, sdk, false) >= SOME_REFUSALS);
        assertThat(asked(machine, sdk, true)).isZero();
        assertThat(status(job)).isEqualTo("DISPATCHED");
    }
}
