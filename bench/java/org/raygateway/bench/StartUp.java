package org.raygateway.bench;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** From starting the process, launcher included, to the first accepted job; and what it then weighs when idle. */
public final class StartUp {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SETTLE = Duration.ofSeconds(5);

    /** @param residentMegabytes some seconds after the first job has ended */
    record Outcome(double seconds, double residentMegabytes) {}

    private StartUp() {}

    static Outcome measure(Path home) throws IOException, InterruptedException {
        try (ServerProcess gateway = ServerProcess.gateway(home)) {
            double seconds = awaitFirstJob(gateway);
            try (LoadClient client = new LoadClient(gateway.port(), 1)) {
                new Jobs(client).awaitAllEnded(LIMIT);
            }
            TimeUnit.MILLISECONDS.sleep(SETTLE.toMillis());
            return new Outcome(seconds, gateway.residentMegabytes());
        }
    }

    /** Posts until one job is accepted, and returns the seconds since the process was started. */
    public static double awaitFirstJob(ServerProcess server) throws InterruptedException {
        Buffer body = LoadClient.shortJob();
        try (LoadClient client = new LoadClient(server.port(), 1)) {
            while (System.nanoTime() - server.startedNanos() < LIMIT.toNanos()) {
                int status = client.await(LIMIT, () -> client.post("/jobs", body)
                        .map(LoadClient.Answer::status)
                        .otherwise(0));
                if (status == 202) {
                    return (System.nanoTime() - server.startedNanos()) / 1e9;
                }
                server.requireAlive();
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        throw new IllegalStateException("no job was accepted within " + LIMIT.toSeconds() + " s of the start");
    }
}
