package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.FreePorts;
import org.raygateway.TestHttp;
import org.raygateway.ray.cluster.RayCluster;

/** A whole cluster on this machine by its one command: gateway, Consul, Envoy, driver, Ray head and Ray worker, all real. */
@Timeout(180)
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OneMachineIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CONNECT_MILLIS = 500;
    private static final int LAST = Integer.MAX_VALUE;

    @TempDir
    private static Path folder;

    private static OneMachine machine;
    private static Mesh mesh;

    @BeforeAll
    @Timeout(2400)
    static void bringUp() throws Exception {
        RayCluster.requireRay();
        machine = new OneMachine(folder);
        mesh = machine.mesh();
        Mesh.Outcome up = machine.run("up");
        assertThat(up.exitCode()).as(up.output()).isZero();
    }

    @AfterAll
    static void takeDown() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void saysThatEverythingRuns() throws Exception {
        Mesh.Outcome status = machine.run("status");

        assertThat(status.exitCode()).as(status.output()).isZero();
    }

    @Test
    void runsAJavaJobFromPostToCompleted() {
        awaitCompleted(submit("monte_carlo", "{\"iterations\": 1000}"));
    }

    @Test
    void runsAPythonJobFromPostToCompleted() {
        awaitCompleted(submit("heat_equation", "{\"points\": 16, \"steps\": 20}"));
    }

    @Test
    void leavesAloneWhatRunsWhenBroughtUpAgain() throws Exception {
        Set<Long> before = machine.sessions();

        assertThat(machine.run("up").exitCode()).isZero();

        assertThat(machine.sessions()).isEqualTo(before);
    }

    @Test
    void refusesNewCallsWithinTwoSecondsOfTheIntentionsRemovalAndLetsThemThroughAgain() throws Exception {
        await().atMost(PATIENCE).until(() -> freshCall() == Code.OK);
        String held;
        mesh.deleteIntentions("ray-head");
        try {
            await().atMost(Duration.ofSeconds(2))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> freshCall() == Code.PERMISSION_DENIED);

            held = submit("monte_carlo", "{\"iterations\": 1000}");
            await().atMost(PATIENCE).until(OneMachineIT::breaker, state -> state.contains("OPEN"));
        } finally {
            mesh.writeConfig();
        }
        await().atMost(PATIENCE).until(() -> freshCall() == Code.OK);
        awaitCompleted(held);
    }

    @Test
    void listensOnLoopbackOnly() throws Exception {
        List<InetSocketAddress> listeners = listeners();

        assertThat(listeners)
                .extracting(InetSocketAddress::getPort)
                .contains(
                        mesh.port("MESH_GCS_PORT"),
                        mesh.port("MESH_DRIVER_PORT"),
                        mesh.port("MESH_RAY_HEAD_SIDECAR_PORT"),
                        mesh.port("MESH_GATEWAY_PORT"));
        assertThat(listeners).allMatch(listener -> listener.getAddress().isLoopbackAddress());
        assertThat(outsideAddresses()).allSatisfy(address -> assertThat(listeners)
                .noneMatch(listener -> accepts(new InetSocketAddress(address, listener.getPort()))));
    }

    @Test
    @Order(LAST)
    void leavesNoProcessAndNoPortWhenTakenDown() throws Exception {
        Set<Long> sessions = machine.sessions();
        List<InetSocketAddress> listeners = listeners();
        assertThat(sessions)
                .as("gateway, driver, head, worker, Consul and two sidecars")
                .hasSize(7);

        Mesh.Outcome down = machine.run("down");

        assertThat(down.exitCode()).as(down.output()).isZero();
        assertThat(Sessions.processes(sessions)).isEmpty();
        assertThat(listeners).extracting(InetSocketAddress::getPort).allMatch(FreePorts::isFree);
        assertThat(machine.run("status").exitCode()).isEqualTo(1);
    }

    private static TestHttp http(String port) {
        return new TestHttp(URI.create("http://127.0.0.1:" + mesh.port(port)));
    }

    private static String submit(String type, String parameters) {
        return machine.submit(type, parameters);
    }

    private static void awaitCompleted(String job) {
        machine.awaitCompleted(job, PATIENCE);
    }

    /** The gateway's own view of its way to Ray. */
    private static String breaker() {
        JsonNode checks = TestHttp.json(http("MESH_GATEWAY_OPERATIONS_PORT").get("/observe/health"))
                .path("checks");
        for (JsonNode check : checks) {
            if (check.path("name").asText().equals("compute")) {
                return check.toString();
            }
        }
        throw new AssertionError("no check of compute in " + checks);
    }

    /** By a connection of its own. */
    private static Code freshCall() {
        try (Channels channels = new Channels()) {
            return Calls.call(channels.plain(mesh.port("MESH_RAY_HEAD_UPSTREAM_PORT")), Calls.DRIVER_HEALTH);
        }
    }

    private static List<InetSocketAddress> listeners() throws IOException {
        return Sessions.listeners(Sessions.processes(machine.sessions()));
    }

    private static List<InetAddress> outsideAddresses() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
