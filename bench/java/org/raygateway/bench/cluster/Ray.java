package org.raygateway.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.raygateway.bench.ServerProcess;

/** The Ray head, worker and driver that {@code ray-gateway cluster up} starts, by the same scripts with the same options. */
final class Ray implements AutoCloseable {
    private static final Duration SCRIPT = Duration.ofSeconds(120);
    private static final Duration DRIVER = Duration.ofSeconds(90);
    private static final String MEMORY = "--object-store-memory=200000000";

    private final Site site;
    private ServerProcess driver;

    private Ray(Site site) {
        this.site = site;
    }

    /** @param cpus what the worker offers */
    static Ray start(Site site, int cpus) throws IOException, InterruptedException {
        Ray ray = new Ray(site);
        try {
            ray.startNodes(cpus);
            ray.startDriver();
            return ray;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            ray.close();
            throw failure;
        }
    }

    private void startNodes(int cpus) throws IOException, InterruptedException {
        Script.must(site, Map.of(), SCRIPT, "ray/start-head", "--num-cpus=0", MEMORY);
        Script.must(site, Map.of(), SCRIPT, "ray/start-worker", "--num-cpus=" + cpus, MEMORY);
    }

    private void startDriver() throws InterruptedException {
        int port = site.port("MESH_DRIVER_PORT");
        driver = ServerProcess.driver(site.home(), port, site.settings(Map.of()));
        long deadline = System.nanoTime() + DRIVER.toNanos();
        while (!Ports.listens(port)) {
            driver.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the driver did not listen within " + DRIVER.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** The head's and the worker's: each node's start script made one. */
    Set<Long> sessions() throws IOException {
        Set<Long> sessions = new HashSet<>();
        for (String node : new String[] {"head", "worker"}) {
            Path file = Path.of(site.settings(Map.of()).get("RAYGATEWAY_RUN_DIR"), node + ".pid");
            sessions.add(Long.parseLong(Files.readString(file).split("\\s+")[0]));
        }
        return sessions;
    }

    @Override
    public void close() throws IOException {
        try {
            if (driver != null) {
                driver.close();
            }
        } finally {
            Script.mustAlways(site, Map.of(), SCRIPT, "ray/stop");
        }
    }
}
