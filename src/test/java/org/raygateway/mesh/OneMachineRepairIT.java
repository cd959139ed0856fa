package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.raygateway.ray.cluster.RayCluster;

/** Each part of a whole cluster killed, or made to hang, in turn: it is told, and {@code up} starts it again and nothing else. */
@Timeout(300)
@Tag("cluster")
class OneMachineRepairIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    // Some seconds; more where the machine is busy.
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(30);
    private static final String KILL = "-KILL";
    private static final String STOP = "-STOP";
    private static final String JOB = "{\"iterations\": 1000}";
    private static final List<String> RAY = List.of("head", "worker");

    @TempDir
    private static Path folder;

    private static OneMachine machine;

    @BeforeAll
    @Timeout(2400)
    static void bringUp() throws Exception {
        RayCluster.requireRay();
        machine = new OneMachine(folder);
        mustComeUp();
    }

    @AfterAll
    static void takeDown() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    private static void mustComeUp() throws Exception {
        Mesh.Outcome up = machine.run("up");
        assertThat(up.exitCode()).as(up.output()).isZero();
    }

    static Stream<Arguments> parts() {
        return Stream.of(
                arguments("head", "gcs/gcs_server", KILL, "the head", RAY),
                arguments("head", "gcs/gcs_server", STOP, "the head does not serve", RAY),
                arguments("head", "raylet/raylet ", KILL, "the head", RAY),
                arguments("worker", "raylet/raylet ", KILL, "worker", List.of("worker")),
                arguments("worker", "raylet/raylet ", STOP, "the worker does not serve", List.of("worker")),
                arguments("driver", "", KILL, "driver does not", List.of("driver")),
                arguments("driver", "driver --child", STOP, "driver does not answer", List.of("driver")),
                arguments("consul-agent", "", KILL, "stopped|not ready", List.of("consul-agent")),
                arguments("consul-agent", "", STOP, "not ready", List.of("consul-agent")),
                arguments("sidecar-ray-head", "", KILL, "stopped|not ready", List.of("sidecar-ray-head")),
                arguments("sidecar-api-gateway", "", STOP, "not ready", List.of("sidecar-api-gateway")),
                arguments("gateway", "", KILL, "gateway does not", List.of("gateway")),
                arguments("gateway", "", STOP, "gateway does not answer", List.of("gateway")));
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @MethodSource("parts")
    void startsWhatIsDeadAndLeavesWhatLives(
            String part, String process, String signal, String told, List<String> restarted) throws Exception {
        String before = machine.submit("monte_carlo", JOB);
        machine.awaitCompleted(before, PATIENCE);
        Map<String, Long> sessions = machine.parts();

        send(signal, machine.process(part, process));
        long asked = System.nanoTime();
        Mesh.Outcome status = machine.run("status");

        assertThat(status.exitCode()).as(status.output()).isEqualTo(1);
        assertThat(status.output()).containsPattern(told);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(TOLD_WITHIN);
        List<String> jobs = part.equals("gateway") ? List.of() : List.of(machine.submit("monte_carlo", JOB));
        mustComeUp();
        assertThat(changed(sessions, machine.parts())).isEqualTo(new TreeSet<>(restarted));
        jobs.forEach(job -> machine.awaitCompleted(job, PATIENCE));
        machine.awaitCompleted(machine.submit("heat_equation", "{\"points\": 16, \"steps\": 20}"), PATIENCE);
        assertThat(machine.find(before).path("status").asText()).isEqualTo("COMPLETED");
    }

    @Test
    void aRepairThatFailsTakesNothingDown() throws Exception {
        Map<String, Long> sessions = machine.parts();
        for (String process : List.of("gcs/gcs_server", "raylet/raylet ", "")) {
            send(KILL, machine.process("head", process));
        }
        try (ServerSocket stranger = taken(machine.rayPort("HEAD_OBJECT_MANAGER_PORT"))) {
            assertThat(stranger.isBound()).isTrue();
            Mesh.Outcome up = machine.run("up");

            assertThat(up.exitCode()).as(up.output()).isNotZero();
            assertThat(up.output()).contains("HEAD_OBJECT_MANAGER_PORT", "what runs was left as it is");
            Map<String, Long> left = machine.parts();
            for (String part :
                    List.of("gateway", "driver", "consul-agent", "sidecar-ray-head", "sidecar-api-gateway")) {
                assertThat(left.get(part)).as(part).isEqualTo(sessions.get(part));
                assertThat(Mesh.lives(left.get(part))).as(part).isTrue();
            }
        }
        String held = machine.submit("monte_carlo", JOB);
        mustComeUp();
        machine.awaitCompleted(held, PATIENCE);
    }

    private static ServerSocket taken(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        });
        return socket;
    }

    private static void send(String signal, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(pid)).start();
        assertThat(kill.waitFor()).isZero();
    }

    private static Set<String> changed(Map<String, Long> before, Map<String, Long> after) {
        assertThat(after.keySet()).isEqualTo(before.keySet());
        Set<String> changed = new TreeSet<>();
        after.forEach((part, session) -> {
            if (!session.equals(before.get(part))) {
                changed.add(part);
            }
        });
        return changed;
    }
}
