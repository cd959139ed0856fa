package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Channel;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.FreePorts;

/** Who reaches what through real Consul and real Envoy, with stand-ins for the driver and for Ray's GCS. */
@Timeout(180)
class MeshIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String GET_NODES = "ray.rpc.NodeInfoGcsService/GetAllNodeInfo";
    private static final String ADD_JOB = "ray.rpc.JobInfoGcsService/AddJob";
    private static final String NEXT_JOB = "ray.rpc.JobInfoGcsService/GetNextJobID";

    @TempDir
    private static Path directory;

    private static Mesh mesh;
    private static StandIn driver;
    private static StandIn gcs;

    private final Channels channels = new Channels();

    @BeforeAll
    @Timeout(2400)
    static void bringUp() throws Exception {
        mesh = new Mesh(directory, Map.of("MESH_NODES", "1 2", "MESH_NODE_NUMBER", "2"));
        driver = new StandIn(mesh.port("MESH_DRIVER_PORT"));
        gcs = new StandIn(mesh.port("MESH_GCS_PORT"));
        mesh.must("up", "agent", "api-gateway", "ray-head", "ray-gcs", "ray-node");
    }

    @AfterAll
    static void takeDown() throws Exception {
        for (AutoCloseable part :
                Stream.of(driver, gcs, mesh).filter(Objects::nonNull).toList()) {
            part.close();
        }
    }

    @BeforeEach
    void openTheWay() {
        Channel gateway = gateway();
        await().atMost(PATIENCE).until(() -> Calls.call(gateway, Calls.DRIVER_HEALTH) == Code.OK);
    }

    @AfterEach
    void closeChannels() {
        channels.close();
    }

    @Test
    void lettingTheGatewayCallTheDriverAndItsHealth() {
        assertThat(Calls.call(gateway(), Calls.DRIVER_HEALTH)).isEqualTo(Code.OK);
        assertThat(Calls.call(gateway(), Calls.HEALTH_CHECK)).isEqualTo(Code.OK);
    }

    @Test
    void deniesTheGatewayWhatIsNoMethodOfTheDriver() {
        String other = "raygateway.driver.v1.RayDriver/Shutdown";

        assertThat(Calls.call(channels.plain(mesh.port("MESH_DRIVER_PORT")), other))
                .as("the driver itself answers it")
                .isEqualTo(Code.OK);
        assertThat(Calls.call(gateway(), other)).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(Calls.call(gateway(), "grpc.health.v1.Health/Watch")).isEqualTo(Code.PERMISSION_DENIED);
    }

    @Test
    void refusesCallsWithinTwoSecondsOfTheIntentionsRemoval() throws Exception {
        Channel gateway = gateway();
        try {
            mesh.deleteIntentions("ray-head");

            await().atMost(Duration.ofSeconds(2))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> Calls.call(gateway, Calls.DRIVER_HEALTH) == Code.PERMISSION_DENIED);
            assertThat(Calls.call(channels.plain(mesh.port("MESH_RAY_HEAD_UPSTREAM_PORT")), Calls.DRIVER_HEALTH))
                    .as("on a new connection")
                    .isEqualTo(Code.PERMISSION_DENIED);
        } finally {
            mesh.writeConfig();
        }
    }

    @Test
    void refusesWhoeverComesToTheDriversSidecarWithoutACertificate() {
        int sidecar = mesh.port("MESH_RAY_HEAD_SIDECAR_PORT");

        assertThat(Calls.call(channels.plain(sidecar), Calls.DRIVER_HEALTH)).isIn(Code.UNAVAILABLE, Code.INTERNAL);
        assertThat(Calls.call(channels.tls(sidecar), Calls.DRIVER_HEALTH)).isIn(Code.UNAVAILABLE, Code.INTERNAL);
    }

    @Test
    void keepsAWorkerThatWasTakenOverFromTheDriver() throws Exception {
        int wayToDriver = FreePorts.find(1).get(0);
        addUpstreamToWorker("ray-head", wayToDriver);
        Channel worker = channels.plain(wayToDriver);
        await().atMost(PATIENCE).until(() -> Calls.call(worker, Calls.DRIVER_HEALTH) == Code.PERMISSION_DENIED);

        assertThat(Calls.call(worker, "raygateway.driver.v1.RayDriver/Submit")).isEqualTo(Code.PERMISSION_DENIED);
    }

    @Test
    void keepsAWorkerThatWasTakenOverFromRegisteringJobs() {
        Channel worker = channels.plain("127.0.1.1", mesh.port("MESH_RAY_GCS_UPSTREAM_PORT"));
        await().atMost(PATIENCE).until(() -> Calls.call(worker, GET_NODES) == Code.OK);

        assertThat(Calls.call(worker, ADD_JOB)).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(Calls.call(worker, NEXT_JOB)).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(gcs.called()).contains(GET_NODES).doesNotContain(ADD_JOB, NEXT_JOB);
    }

    @Test
    void letsNodesReachRaysOwnPortsOnANodeAndNothingElse() throws Exception {
        int wayToNode = FreePorts.find(1).get(0);
        addUpstreamToWorker("ray-node-2", wayToNode);
        int workerPort = mesh.port("MESH_RAY_BASE") + 210;

        try (StandIn worker = new StandIn("127.0.1.2", workerPort);
                StandIn beside = new StandIn("127.0.1.2", workerPort + 50)) {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> ThroughNode.answers(wayToNode, "127.0.1.2", worker.port()));

            assertThat(ThroughNode.answers(wayToNode, "127.0.1.2", beside.port()))
                    .as("a port that is none of Ray's")
                    .isFalse();
            assertThat(ThroughNode.answers(wayToNode, "127.0.0.1", mesh.port("MESH_DRIVER_PORT")))
                    .as("the driver")
                    .isFalse();
            assertThat(ThroughNode.answers(wayToNode, "127.0.0.1", mesh.port("MESH_CONSUL_GRPC_PORT")))
                    .as("Consul")
                    .isFalse();
        }
    }

    @Test
    void givesNoServicesKeyToOtherProcessesOfTheMachine() throws Exception {
        for (String token : List.of("token-ray-node", "token-api-gateway", "token-management")) {
            assertThat(leaf("api-gateway", token)).as(token).isEqualTo(403);
        }
    }

    @Test
    void takesTheHeadForUnhealthyOnceTheControlStoreIsGone() throws Exception {
        await().atMost(PATIENCE)
                .until(() -> mesh.run("status", "agent", "ray-head").exitCode() == 0);
        gcs.close();
        try {
            await().atMost(PATIENCE).until(() -> mesh.run("status", "ray-head").exitCode() == 1);
            assertThat(mesh.run("status", "ray-head").output()).contains("check does not pass");
        } finally {
            gcs = new StandIn(mesh.port("MESH_GCS_PORT"));
        }
        await().atMost(PATIENCE).until(() -> mesh.run("status", "ray-head").exitCode() == 0);
    }

    private Channel gateway() {
        return channels.plain(mesh.port("MESH_RAY_HEAD_UPSTREAM_PORT"));
    }

    /** What somebody with all that a worker's machine holds can do: have its own proxy lead to another service. */
    private static void addUpstreamToWorker(String service, int port) throws Exception {
        String upstream = "upstreams {\n destination_name = \"" + service + "\"\n local_bind_port = " + port + "\n }\n";
        Path changed = directory.resolve("taken-over.hcl");
        String registered = Files.readString(mesh.file("config/ray-node.hcl"));
        Files.writeString(changed, registered.replaceFirst("upstreams \\{", upstream + " upstreams {"));
        mesh.consul("ray-node", "services", "register", changed.toString());
    }

    private static int leaf(String service, String token) throws IOException, InterruptedException {
        URI address = URI.create(
                "http://127.0.0.1:" + mesh.port("MESH_CONSUL_HTTP_PORT") + "/v1/agent/connect/ca/leaf/" + service);
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("X-Consul-Token", mesh.secret(token))
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
