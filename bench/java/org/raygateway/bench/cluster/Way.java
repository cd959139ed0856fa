package org.raygateway.bench.cluster;

import java.io.IOException;
import java.util.Map;
import org.raygateway.bench.Burst;
import org.raygateway.bench.JobDelay;
import org.raygateway.bench.Jobs;
import org.raygateway.bench.LoadClient;
import org.raygateway.bench.ServerProcess;
import org.raygateway.bench.StartUp;

/** A gateway of its own, and pooled jobs by one way to the driver. */
final class Way implements AutoCloseable {
    /** What came of it. */
    record Pooled(String name, JobDelay.Outcome delay, Burst.Outcome burst) {}

    private final String name;
    private final ServerProcess gateway;
    private final LoadClient client;

    private Way(String name, ServerProcess gateway) {
        this.name = name;
        this.gateway = gateway;
        this.client = new LoadClient(gateway.port(), 2);
    }

    /** @param driverPort where the gateway calls the driver */
    static Way open(Site site, String name, int driverPort) throws IOException, InterruptedException {
        Map<String, String> settings = site.settings(
                Map.of("GATEWAY_RAY_MODE", "cluster", "GATEWAY_DRIVER_ADDRESS", "127.0.0.1:" + driverPort));
        ServerProcess gateway = ServerProcess.gateway(site.home(), settings);
        try {
            StartUp.awaitFirstJob(gateway);
            return new Way(name, gateway);
        } catch (InterruptedException | RuntimeException failure) {
            gateway.close();
            throw failure;
        }
    }

    int port() {
        return gateway.port();
    }

    Jobs jobs() {
        return new Jobs(client);
    }

    /** A burst before it, not counted, warms up the gateway, which is new each time. */
    Pooled measurePooled(Size size) throws InterruptedException {
        burst(size.pooled());
        JobDelay.Outcome delay = JobDelay.idle(port(), size.delays());
        return new Pooled(name, delay, burst(size.pooled()));
    }

    private Burst.Outcome burst(int count) throws InterruptedException {
        return Burst.measure(port(), count, LoadClient.shortJob(), ClusterBench.LIMIT, jobs());
    }

    @Override
    public void close() throws IOException {
        client.close();
        gateway.close();
    }
}
