package org.raygateway.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.ComputationJar;
import org.raygateway.EventReader;
import org.raygateway.EventReader.Event;
import org.raygateway.FreePorts;
import org.raygateway.GatewayFixture;
import org.raygateway.TestHttp;
import org.raygateway.driver.v1.Execution;

/** A gateway in cluster mode, its driver and a real Ray head, and what becomes of jobs when one of them dies. */
@Tag("cluster")
class RayClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String LONG = "{\"iterations\": 3000000000}";

    @TempDir
    static Path folder;

    private static GatewayFixture gateway;
    private static RayCluster cluster;
    private static Path catalogue;
    private static String brokerAddress;
    private static String brokerPort;

    @BeforeAll
    static void start() throws IOException {
        RayCluster.requireRay();
        int broker = FreePorts.one();
        String serviceBus = "Endpoint=sb://127.0.0.1:" + broker
                + ";SharedAccessKeyName=test;SharedAccessKey=c2VjcmV0;UseDevelopmentEmulator=true";
        brokerPort = Integer.toString(broker);
        brokerAddress = serviceBus;
        cluster = RayCluster.start(
                folder,
                serviceBus,
                ComputationJar.write(
                        folder,
                        "UntilTold",
                        """
                public Map<String, Object> run(Parameters parameters, Progress progress) throws Exception {
                    while (!Files.exists(Path.of("%s"))) {
                        progress.throwIfCancelled();
                        progress.report(50, "waits to be told to end");
                        java.util.concurrent.TimeUnit.MILLISECONDS.sleep(100);
                    }
                    return Map.of();
                }"""
                                .formatted(told())));
        catalogue = catalogue();
        startGateway();
    }

    private static void startGateway() {
        gateway = GatewayFixture.start(
                folder.resolve("data"),
                "gateway.ray.mode",
                "cluster",
                "gateway.driver.address",
                cluster.driverAddress(),
                "gateway.servicebus.connection-string",
                brokerAddress,
                "gateway.servicebus.embedded.port",
                brokerPort,
                "gateway.computations-dir",
                catalogue.toString(),
                "gateway.admission.when-compute-down",
                "hold",
                "gateway.dispatch.retry-delay",
                "50ms",
                "gateway.dispatch.max-retry-delay",
                "200ms",
                "gateway.breaker.open-time",
                "1s",
                "gateway.breaker.probe-period",
                "200ms",
                "gateway.reconcile.period",
                "500ms",
                "gateway.reconcile.silent-after",
                "3s");
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Path told() {
        return folder.resolve("told");
    }

    /** The project's own, and some that only tests want. */
    private static Path catalogue() throws IOException {
        Path catalogue = Files.createDirectory(folder.resolve("computations"));
        try (Stream<Path> own = Files.list(Path.of("computations"))) {
            for (Path file : own.toList()) {
                Files.copy(file, catalogue.resolve(file.getFileName()));
            }
        }
        String java = "language: java\nentry-point: org.raygateway.ray.computations.MonteCarlo\n";
        String python = "language: python\nentry-point: stubborn:Stubborn\n";
        entry(catalogue, "long_pi", java + "resources: {cpus: 1, memory: 64MiB}\n");
        entry(catalogue, "until_told", "language: java\nentry-point: org.example.UntilTold\n");
        entry(catalogue, "small_pi", java + "resources: {cpus: 0.25, memory: 64MiB}\n", "pooled");
        entry(catalogue, "hungry", java + "resources: {cpus: 64, memory: 64MiB}\n");
        entry(catalogue, "stubborn", python + "resources: {cpus: 1, memory: 64MiB}\n");
        entry(catalogue, "whereabouts", "language: python\nentry-point: whereabouts:Whereabouts\n", "pooled");
        return catalogue;
    }

    private static void entry(Path catalogue, String name, String how) throws IOException {
        entry(catalogue, name, how, "dedicated");
    }

    private static void entry(Path catalogue, String name, String how, String isolation) throws IOException {
        String text = "name: " + name + "\ntitle: " + name + "\ndescription: For tests.\n" + how
                + "isolation: " + isolation + "\ntimeout: 10m\ngrace: 1s\nattempts: 3\n"
                + "parameters: {type: object, properties: {iterations: {type: integer, default: 1000},"
                + " seed: {type: integer, default: 1}}}\nexample: {}\n";
        Files.writeString(catalogue.resolve(name + ".yaml"), text);
    }

    private static String submit(String type, String parameters) {
        HttpResponse<String> answer = gateway.http()
                .post("/jobs", "{\"simulation_type\": \"" + type + "\", \"parameters\": " + parameters + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return TestHttp.json(answer).get("job_id").asText();
    }

    private static JsonNode awaitEnd(String job, String status) {
        await().atMost(PATIENCE)
                .until(() -> gateway.statusOf(job), List.of("COMPLETED", "FAILED", "CANCELLED")::contains);
        JsonNode found = gateway.find(job);
        assertThat(found.path("status").asText()).as(found.toString()).isEqualTo(status);
        return found;
    }

    private static void awaitProgress(String job) {
        await().atMost(PATIENCE).until(() -> gateway.find(job).path("progress").asInt() > 0);
    }

    private static List<Event> events(String job) {
        try (EventReader reader = gateway.follow(job)) {
            return reader.awaitEnd();
        }
    }

    @Test
    void runsAJavaJobOnAnActorOfItsOwn() {
        String job = submit("epidemic", "{\"runs\": 50}");
        awaitEnd(job, "COMPLETED");
        assertThat(events(job)).extracting(Event::status).contains("SUBMITTED", "DISPATCHED", "RUNNING", "COMPLETED");
    }

    @Test
    void runsAPythonJobOnAnActorOfItsOwn() {
        String job = submit("heat_equation", "{\"steps\": 50}");
        awaitEnd(job, "COMPLETED");
        assertThat(events(job)).extracting(Event::status).contains("RUNNING", "COMPLETED");
    }

    @Test
    void busyPoolAndAThousandThatWaitForItHoldUpNoOtherComputationBeforeAndAfterARestart() {
        awaitEnd(submit("whereabouts", "{}"), "COMPLETED");
        List<String> busy =
                Stream.generate(() -> submit("small_pi", LONG)).limit(1000).toList();
        await().atMost(PATIENCE).until(() -> gateway.statusOf(busy.get(0)), "RUNNING"::equals);
        awaitEnd(submit("whereabouts", "{}"), "COMPLETED");
        gateway.close();
        startGateway();
        awaitEnd(submit("whereabouts", "{}"), "COMPLETED");
        assertThat(busy.stream().filter(job -> gateway.statusOf(job).equals("SUBMITTED")))
                .hasSizeGreaterThan(500);

        busy.forEach(job -> gateway.http().delete("/jobs/" + job));
        await().atMost(PATIENCE).until(() -> busy.stream()
                .allMatch(job -> List.of("CANCELLED", "COMPLETED").contains(gateway.statusOf(job))));
        assertThat(busy)
                .allSatisfy(job ->
                        assertThat(gateway.find(job).get("attempt").asInt()).isLessThanOrEqualTo(1));
    }

    @Test
    void fansOutTasksThoughTheActorsHoldAllCpus() {
        String parameters =
                "{\"style\": \"european\", \"type\": \"call\", \"spot\": 100, \"strike\": 100, \"rate\": 0.05,"
                        + " \"volatility\": 0.2, \"maturity\": 1, \"paths\": 100000, \"tasks\": 2}";
        List<String> jobs = List.of(submit("option_pricing", parameters), submit("option_pricing", parameters));
        jobs.forEach(job -> awaitEnd(job, "COMPLETED"));
    }

    @Test
    void idleWarmJavaActorThatWasKilledCostsTheNextJobNoAttempt() {
        replacesWhatWasKilledIdle("monte_carlo", cluster::javaWorkers);
    }

    @Test
    void idleWarmPythonActorThatWasKilledCostsTheNextJobNoAttempt() {
        replacesWhatWasKilledIdle("whereabouts", cluster::pythonActors);
    }

    private static void replacesWhatWasKilledIdle(String pooled, Supplier<List<ProcessHandle>> actors) {
        awaitEnd(submit(pooled, "{\"iterations\": 1000}"), "COMPLETED");
        List<ProcessHandle> warm = actors.get();
        assertThat(warm).isNotEmpty();
        warm.forEach(ProcessHandle::destroyForcibly);
        // Meanwhile the warm ones have long been idle, and nothing else has asked for them.
        awaitEnd(submit("epidemic", "{\"runs\": 50}"), "COMPLETED");

        JsonNode next = awaitEnd(submit(pooled, "{\"iterations\": 1000}"), "COMPLETED");

        assertThat(next.path("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void jobOfAKilledDriverGoesOnAndEndsInItsFirstAttempt() throws IOException {
        String job = submit("until_told", "{}");
        awaitProgress(job);
        ProcessHandle killed = cluster.driver();
        killed.destroyForcibly();
        await().atMost(PATIENCE).until(() -> !killed.isAlive());
        cluster.awaitDriver();

        assertThat(cluster.driver().pid()).isNotEqualTo(killed.pid());
        assertThat(cluster.describe(job).getState()).isEqualTo(Execution.State.RUNNING);
        Files.createFile(told());
        assertThat(awaitEnd(job, "COMPLETED").path("attempt").asInt()).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> cluster.describe(job).getState(), Execution.State.ENDED::equals);
    }

    @Test
    void jobOfAKilledJavaWorkerIsTriedAgainAndEndsOnce() {
        String job = submit("long_pi", LONG);
        awaitProgress(job);
        cluster.javaWorkers().forEach(ProcessHandle::destroyForcibly);

        assertEndedOnceInItsSecondAttempt(job);
    }

    @Test
    void jobOfAKilledPythonWorkerIsTriedAgainAndEndsOnce() {
        String job = submit("heat_equation", "{\"steps\": 40000}");
        awaitProgress(job);
        List<ProcessHandle> actors = cluster.pythonActors();
        assertThat(actors).isNotEmpty();
        actors.forEach(ProcessHandle::destroyForcibly);

        assertEndedOnceInItsSecondAttempt(job);
    }

    private static void assertEndedOnceInItsSecondAttempt(String job) {
        assertThat(awaitEnd(job, "COMPLETED").path("attempt").asInt()).isEqualTo(2);
        assertThat(events(job)).extracting(Event::status).containsOnlyOnce("COMPLETED");
    }

    @Test
    void jobThatNoNodeHasRoomForWaitsWithTheReasonUntilItIsCancelled() {
        String job = submit("hungry", "{}");
        await().atMost(PATIENCE).until(() -> cluster.describe(job).getState(), Execution.State.WAITING::equals);
        await().atMost(PATIENCE)
                .until(
                        () -> gateway.find(job).path("message").asText(),
                        "no node of the cluster has 64 CPUs and 64 MiB of memory; it waits until one joins"::equals);
        assertThat(gateway.statusOf(job)).isEqualTo("DISPATCHED");

        gateway.http().delete("/jobs/" + job);
        awaitEnd(job, "CANCELLED");
        assertThat(events(job)).last().extracting(Event::data).asString().contains("cancelled before it began");
    }

    @Test
    void killsWhatDoesNotStopWhenCancelled() {
        String job = submit("stubborn", "{}");
        await().atMost(PATIENCE).until(() -> gateway.statusOf(job), "RUNNING"::equals);
        List<ProcessHandle> actors = cluster.pythonActors();
        assertThat(actors).isNotEmpty();

        gateway.http().delete("/jobs/" + job);
        awaitEnd(job, "CANCELLED");
        await().atMost(PATIENCE).until(() -> actors.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void jobsHeldWhileTheHeadIsDeadRunWhenItIsBack() {
        String running = submit("long_pi", LONG);
        awaitProgress(running);
        cluster.killHead();
        cluster.awaitDriverGone();
        String held = submit("monte_carlo", "{\"iterations\": 1000}");
        await().atMost(PATIENCE).until(RayClusterIT::breaker, state -> state.contains("OPEN"));
        assertThat(cluster.isSupervised()).isTrue();

        cluster.startHead();
        awaitEnd(held, "COMPLETED");
        awaitEnd(running, "COMPLETED");
        assertThat(breaker()).contains("CLOSED");
    }

    private static String breaker() {
        JsonNode checks =
                TestHttp.json(gateway.operations().get("/observe/health")).path("checks");
        for (JsonNode check : checks) {
            if (check.path("name").asText().equals("compute")) {
                return check.toString();
            }
        }
        throw new AssertionError("no check of compute in " + checks);
    }

    @Test
    void gatewayHostsNoNativeRay() throws IOException {
        awaitEnd(submit("monte_carlo", "{\"iterations\": 1000}"), "COMPLETED");
        assertThat(maps(ProcessHandle.current())).doesNotContain("core_worker_library");
        assertThat(maps(cluster.driver())).contains("core_worker_library");
    }

    private static String maps(ProcessHandle process) throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/maps"));
    }
}
