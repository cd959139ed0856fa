package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Head and worker on different machines: two network namespaces, which takes root, {@code ip} and {@code nft}. */
@Timeout(300)
class TwoMachinesIT {
    private static final String HEAD = "10.99.0.1";

    @TempDir
    private Path directory;

    @Test
    void joinsTwoMachinesWithNoPortOpenButSidecarsAndConsul() throws Exception {
        boolean able = "root".equals(System.getProperty("user.name")) && isOnPath("ip") && isOnPath("nft");
        if ("true".equals(System.getenv("CI"))) {
            assertThat(able).as("root, `ip` and `nft` are there").isTrue();
        }
        assumeTrue(able, "Skipped: two network namespaces take root, `ip` and `nft`");

        String name = "rg" + ProcessHandle.current().pid() % 10_000;
        try (Mesh mesh = new Mesh(directory, Map.of("MESH_CABLE", name));
                AutoDown machines = new AutoDown(mesh)) {
            machines.up();

            assertThat(mesh.run("two-machines", "run", "1", "consul/status", "agent", "ray-gcs", "ray-node")
                            .output())
                    .doesNotContain("stopped", "not ready");
            assertThat(mesh.run("two-machines", "run", "2", "consul/status").output())
                    .contains("agent        ready");
            assertThat(reach(mesh, "MESH_RAY_NODE_SIDECAR_PORT")).isZero();
            assertThat(reach(mesh, "MESH_RAY_GCS_SIDECAR_PORT")).isZero();
            for (String closed :
                    List.of("MESH_CONSUL_HTTP_PORT", "MESH_CONSUL_GRPC_PORT", "MESH_RAY_NODE_INBOUND_PORT")) {
                assertThat(reach(mesh, closed)).as(closed).isNotZero();
            }
        }
        assertThat(Path.of("/var/run/netns", name + "-1")).doesNotExist();
        assertThat(Path.of("/var/run/netns", name + "-2")).doesNotExist();
    }

    /** The exit code of a connection from the second machine to the first. */
    private static int reach(Mesh mesh, String port) throws Exception {
        String connect = "exec 3<>/dev/tcp/" + HEAD + "/" + mesh.port(port);
        return mesh.run("two-machines", "run", "2", "timeout", "3", "bash", "-c", connect)
                .exitCode();
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
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
