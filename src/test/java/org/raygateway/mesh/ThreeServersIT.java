package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A mesh of several machines: agents that join three Consul servers, of which any one may die. */
@Timeout(180)
class ThreeServersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    private static Path directory;

    private static ThreeServers cluster;
    private static StandIn driver;
    private static StandIn gcs;

    @BeforeAll
    @Timeout(2400)
    static void bringUp() throws Exception {
        cluster = new ThreeServers(directory);
        driver = new StandIn(cluster.client().port("MESH_DRIVER_PORT"));
        gcs = new StandIn(cluster.client().port("MESH_GCS_PORT"));
        cluster.up();
    }

    @AfterAll
    static void takeDown() throws Exception {
        Closing.all(
                "the mesh of three servers",
                Stream.<AutoCloseable>of(driver, gcs, cluster)
                        .filter(Objects::nonNull)
                        .toList());
    }

    @Test
    void goesOnAndStillObeysIntentionsWhenTheLeaderDies() throws Exception {
        awaitCalls(Code.OK);
        Mesh leader = cluster.leader();

        cluster.kill(leader);

        assertThat(call()).as("a call while no server may lead").isEqualTo(Code.OK);
        Mesh next = cluster.leader();
        assertThat(next).isNotSameAs(leader);
        assertThat(call()).as("a call under the new leader").isEqualTo(Code.OK);
        next.deleteIntentions("ray-head");
        awaitCalls(Code.PERMISSION_DENIED);
        next.writeConfig();
        awaitCalls(Code.OK);

        leader.must("up", "agent");

        assertThat(cluster.leader()).isNotSameAs(leader);
        assertThat(cluster.living()).hasSize(3);
    }

    private static void awaitCalls(Code code) {
        await().atMost(PATIENCE).until(ThreeServersIT::call, code::equals);
    }

    /** What the gateway gets from the driver's health on a connection of its own. */
    private static Code call() {
        try (Channels channels = new Channels()) {
            return Calls.call(
                    channels.plain(cluster.client().port("MESH_RAY_HEAD_UPSTREAM_PORT")), Calls.DRIVER_HEALTH);
        }
    }
}
