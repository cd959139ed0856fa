package org.raygateway.mesh;

import static org.awaitility.Awaitility.await;

import io.grpc.Channel;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The mesh with Consul's own proxy in the place of Envoy. */
@ExtendWith(MeshPrograms.class)
@Timeout(180)
class BuiltinProxyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    private Path directory;

    private StandIn driver;
    private StandIn gcs;

    @AfterEach
    void endStandIns() {
        Stream.of(driver, gcs).filter(Objects::nonNull).forEach(StandIn::close);
    }

    @Test
    void letsTheGatewayCallTheDriverUntilTheIntentionIsRemoved() throws Exception {
        try (Mesh mesh = new Mesh(directory, Map.of("MESH_PROXY", "builtin"));
                Channels channels = new Channels()) {
            driver = new StandIn(mesh.port("MESH_DRIVER_PORT"));
            gcs = new StandIn(mesh.port("MESH_GCS_PORT"));
            mesh.must("up");
            int upstream = mesh.port("MESH_RAY_HEAD_UPSTREAM_PORT");
            Channel first = channels.plain(upstream);
            await().atMost(PATIENCE).until(() -> Calls.call(first, Calls.DRIVER_HEALTH) == Code.OK);

            mesh.deleteIntentions("ray-head");

            await().atMost(PATIENCE)
                    .until(() -> Calls.call(channels.plain(upstream), Calls.DRIVER_HEALTH) == Code.UNAVAILABLE);
        }
    }
}
