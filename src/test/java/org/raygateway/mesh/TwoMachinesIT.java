package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Head and worker on different machines: two network namespaces, which takes root, {@code ip} and {@code nft}. */
@ExtendWith(MeshPrograms.class)
@Timeout(300)
class TwoMachinesIT {
    private static final String HEAD = "10.99.0.1";

    @TempDir
    private Path directory;

    @Test
    void joinsTwoMachinesWithNoPortOpenButSidecarsAndConsul() throws Exception {
        Namespaces.requirePossible();
        String name = "rg" + ProcessHandle.current().pid() % 10_000;
        try (Mesh mesh = new Mesh(directory, Map.of("MESH_CABLE", name));
                AutoDown machines = new AutoDown(mesh)) {
            machines.up();

            assertThat(mesh.run("two-machines", "run", "1", "consul/status", "agent", "ray-gcs", "ray-node")
                            .output())
                    .doesNotContain("stopped", "not ready");
            assertThat(mesh.run("two-machines", "run", "2", "consul/status").output())
                    .contains("agent        ready");
            assertThat(reach(mesh, mesh.port("MESH_RAY_NODE_SIDECAR_PORT"))).isZero();
            assertThat(reach(mesh, mesh.port("MESH_RAY_GCS_SIDECAR_PORT"))).isZero();
            assertThat(reach(mesh, mesh.port("MESH_CONSUL_HTTP_PORT"))).isNotZero();
            assertThatRaysPortsAreClosed(mesh, name);
        }
        assertThat(Path.of("/var/run/netns", name + "-1")).doesNotExist();
        assertThat(Path.of("/var/run/netns", name + "-2")).doesNotExist();
    }

    /** Ray listens on every interface for 127.0.1.1, as does the server that stands in for it here. */
    private static void assertThatRaysPortsAreClosed(Mesh mesh, String name) throws Exception {
        int port = mesh.port("MESH_RAY_BASE") + 110;
        String[] serve = {"ip", "netns", "exec", name + "-1", "python3", "-m", "http.server", "" + port};
        Process server = new ProcessBuilder(serve)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> reachFrom(mesh, "1", port) == 0);
            assertThat(reach(mesh, port)).isNotZero();
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private static int reach(Mesh mesh, int port) throws Exception {
        return reachFrom(mesh, "2", port);
    }

    /** The exit code of a connection to the head's address on the network. */
    private static int reachFrom(Mesh mesh, String machine, int port) throws Exception {
        String connect = "exec 3<>/dev/tcp/" + HEAD + "/" + port;
        return mesh.run("two-machines", "run", machine, "timeout", "3", "bash", "-c", connect)
                .exitCode();
    }

    private record AutoDown(Mesh mesh) implements AutoCloseable {
        void up() throws Exception {
            mesh.must("two-machines", "up");
        }

        @Override
        public void close() {
            try {
                mesh.must("two-machines", "down");
            } catch (java.io.IOException failed) {
                throw new java.io.UncheckedIOException(failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
