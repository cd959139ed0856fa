package org.raygateway.ray.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor, with shell scripts in the driver's place. */
class DriverSupervisorTest {
    @TempDir
    Path folder;

    private final ServerSocket head = new ServerSocket();
    private DriverSupervisor supervisor;
    private Thread thread;

    DriverSupervisorTest() throws IOException {
        head.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @BeforeEach
    void clear() throws IOException {
        Files.writeString(folder.resolve("starts"), "");
    }

    @AfterEach
    void stop() throws Exception {
        supervisor.close();
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
        head.close();
    }

    private void supervise(String script) {
        String recorded = "echo $$ $RAY_gcs_rpc_server_reconnect_timeout_s $GIVEN >> " + folder + "/starts; " + script;
        RayClusterSettings cluster =
                new RayClusterSettings("127.0.0.1:" + head.getLocalPort(), "127.0.0.1", List.of(), List.of());
        supervisor = new DriverSupervisor(List.of("sh", "-c", recorded), Map.of("GIVEN", "given"), cluster);
        thread = new Thread(supervisor::run, "supervisor-under-test");
        thread.start();
    }

    private List<String> starts() throws IOException {
        return Files.readAllLines(folder.resolve("starts"));
    }

    private ProcessHandle process(int start) throws IOException {
        return ProcessHandle.of(Long.parseLong(starts().get(start).split(" ")[0]))
                .orElseThrow();
    }

    @Test
    void startsAgainWhatEnds() {
        supervise("exit 1");
        await().until(() -> starts().size() >= 2);
    }

    @Test
    void startsAgainWhatIsKilled() throws IOException {
        supervise("exec cat");
        await().until(() -> starts().size() == 1);
        process(0).destroyForcibly();
        await().until(() -> starts().size() == 2);
    }

    @Test
    void givesTheLongReconnectTimeAndTheProperties() {
        supervise("exec cat");
        await().until(() -> starts().size() == 1);
        await().untilAsserted(() -> assertThat(starts().get(0)).endsWith(" 86400 given"));
    }

    @Test
    void endsTheChildByClosingItsInput() throws IOException {
        supervise("exec cat");
        await().until(() -> starts().size() == 1);
        ProcessHandle child = process(0);
        supervisor.close();
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void startsNothingWhileThereIsNoHead() throws IOException {
        int port = head.getLocalPort();
        head.close();
        RayClusterSettings cluster = new RayClusterSettings("127.0.0.1:" + port, "127.0.0.1", List.of(), List.of());
        supervisor = new DriverSupervisor(
                List.of("sh", "-c", "echo $$ >> " + folder + "/starts; exec cat"), Map.of(), cluster);
        thread = new Thread(supervisor::run, "supervisor-under-test");
        thread.start();
        await().during(java.time.Duration.ofMillis(700)).until(() -> starts().isEmpty());

        try (ServerSocket back = new ServerSocket(port, 5, InetAddress.getLoopbackAddress())) {
            await().until(() -> starts().size() == 1);
            assertThat(back.isBound()).isTrue();
        }
    }

    @Test
    void saysWhyAProcessEnded() {
        supervise("exec cat");
        assertThat(DriverSupervisor.meaning(134)).contains("native part aborted");
        assertThat(DriverSupervisor.meaning(137)).contains("killed");
        assertThat(DriverSupervisor.meaning(DriverSupervisor.RAY_LOST)).contains("cluster is gone");
        assertThat(DriverSupervisor.meaning(1)).contains("exited with code 1");
    }
}
