package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.FreePorts;

/** What the start and stop scripts of the mesh leave behind. */
@ExtendWith(MeshPrograms.class)
@Timeout(300)
class MeshUpDownIT {
    @TempDir
    private Path directory;

    @Test
    void leavesNoProcessAndNoPortBehind() throws Exception {
        List<Long> pids;
        try (Mesh mesh = new Mesh(directory, Map.of())) {
            mesh.must("up");
            pids = mesh.livingPids();
            assertThat(pids).hasSize(3);

            mesh.must("down");

            assertThat(pids).noneMatch(Mesh::lives);
            assertThat(mesh.boundPorts()).allMatch(FreePorts::isFree);
        }
    }

    @Test
    void leavesAloneWhatRunsAlready() throws Exception {
        try (Mesh mesh = new Mesh(directory, Map.of())) {
            mesh.must("up", "agent");
            List<Long> first = mesh.livingPids();

            mesh.must("up", "agent");

            assertThat(mesh.livingPids()).isEqualTo(first);
        }
    }

    @Test
    void startsNothingWhereAPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Mesh mesh = new Mesh(
                        directory, Map.of("MESH_RAY_HEAD_SIDECAR_PORT", Integer.toString(taken.getLocalPort())))) {
            Mesh.Outcome up = mesh.run("up");

            assertThat(up.exitCode()).isEqualTo(1);
            assertThat(up.output())
                    .contains("nothing was started", taken.getLocalPort() + " is taken", "MESH_RAY_HEAD_SIDECAR_PORT");
            assertThat(mesh.file("pids")).doesNotExist();
        }
    }

    @Test
    void takesBackWhatItStartedWhereAPartFails() throws Exception {
        try (Mesh mesh = new Mesh(directory, Map.of("MESH_ENVOY_CONCURRENCY", "none"))) {
            Mesh.Outcome up = mesh.run("up");

            assertThat(up.exitCode()).isEqualTo(1);
            assertThat(up.output()).contains("the sidecar of api-gateway ended");
            assertThat(mesh.livingPids()).isEmpty();
            assertThat(mesh.boundPorts()).allMatch(FreePorts::isFree);
        }
    }

    @Test
    void keepsSecretsFromOtherUsersAndFromTheOutput() throws Exception {
        try (Mesh mesh = new Mesh(directory, Map.of())) {
            Mesh.Outcome up = mesh.run("up", "agent");

            assertThat(permissions(mesh.file("secrets"))).isEqualTo("rwx------");
            for (String secret : List.of("token-management", "token-agent", "token-ray-head", "gossip.key")) {
                assertThat(permissions(mesh.file("secrets/" + secret))).isEqualTo("rw-------");
                assertThat(up.output()).doesNotContain(mesh.secret(secret));
            }
            assertThat(permissions(mesh.file("config/agent.hcl"))).isEqualTo("rw-------");
        }
    }

    private static String permissions(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
