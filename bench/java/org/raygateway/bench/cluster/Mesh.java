package org.raygateway.bench.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Consul and two sidecars of one kind between gateway and driver, with a state of their own: Consul keeps rules for one kind only. */
final class Mesh implements AutoCloseable {
    private static final Duration SCRIPT = Duration.ofSeconds(120);
    private static final Duration HEALTHY = Duration.ofSeconds(60);

    private final Site site;
    private final Map<String, String> settings;

    private Mesh(Site site, String proxy) {
        Path folder = site.folder().resolve(proxy);
        this.site = site;
        this.settings = Map.of("MESH_RUN_DIR", folder.toString(), "MESH_NODE", "bench", "MESH_PROXY", proxy);
    }

    /** @param proxy {@code envoy} or {@code builtin} */
    static Mesh start(Site site, String proxy) throws IOException, InterruptedException {
        Mesh mesh = new Mesh(site, proxy);
        try {
            Script.must(site, mesh.settings, SCRIPT, "consul/up");
            mesh.awaitHealthy();
            return mesh;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            mesh.close();
            throw failure;
        }
    }

    /** The port at which the gateway reaches the driver. */
    int upstream() {
        return site.port("MESH_RAY_HEAD_UPSTREAM_PORT");
    }

    private void awaitHealthy() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + HEALTHY.toNanos();
        while (!Script.succeeds(site, settings, SCRIPT, "consul/status", "agent", "ray-head")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("ray-head was not healthy within " + HEALTHY.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    @Override
    public void close() throws IOException {
        Script.mustAlways(site, settings, SCRIPT, "consul/down");
    }
}
