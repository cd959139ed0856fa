package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of the gateway's process, wanted or not. */
class KillIT {
    private static final Set<String> TERMINAL = Set.of("COMPLETED", "FAILED", "CANCELLED");
    private static final int CLIENTS = 8;

    @TempDir
    Path directory;

    private final Queue<String> accepted = new ConcurrentLinkedQueue<>();

    @Test
    void killedUnderLoadLosesNoAcceptedJob() throws InterruptedException {
        Path data = directory.resolve("data");
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (GatewayProcess gateway = GatewayProcess.start(data)) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.execute(() -> postUntilItDies(gateway.http()));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> accepted.size() >= 300);
        } finally {
            clients.shutdown();
            assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }

        try (GatewayProcess again = GatewayProcess.start(data)) {
            for (String job : accepted) {
                awaitEnd(again, job);
            }
        }
    }

    private void postUntilItDies(TestHttp http) {
        try {
            while (true) {
                HttpResponse<String> answer = http.post("/jobs", GatewayFixture.job("{\"iterations\": 100000}"));
                if (answer.statusCode() == 202) {
                    accepted.add(TestHttp.json(answer).get("job_id").asText());
                }
            }
        } catch (UncheckedIOException dead) {
            // what was answered until now was promised
        }
    }

    private static void awaitEnd(GatewayProcess gateway, String job) {
        await().pollDelay(Duration.ZERO)
                .atMost(Duration.ofSeconds(90))
                .until(() -> statusOf(gateway, job), TERMINAL::contains);
        assertThat(gateway.http().get("/jobs/" + job).body()).contains("\"COMPLETED\"");
    }

    private static String statusOf(GatewayProcess gateway, String job) {
        HttpResponse<String> answer = gateway.http().get("/jobs/" + job);
        assertThat(answer.statusCode()).as("job " + job).isEqualTo(200);
        return TestHttp.json(answer).get("status").asText();
    }

    @Test
    void stopsOnSignalWhileJobsRunAndGoesOnAfterwards() {
        Path data = directory.resolve("data");
        String running;
        try (GatewayProcess gateway = GatewayProcess.start(data)) {
            running = post(gateway, "{\"iterations\": 1000000000}");
            for (int i = 0; i < 20; i++) {
                accepted.add(post(gateway, "{\"iterations\": 1000000}"));
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> statusOf(gateway, running).equals("RUNNING"));

            gateway.terminate();
            assertThat(gateway.awaitExit(Duration.ofSeconds(20))).isZero();
        }

        try (GatewayProcess again = GatewayProcess.start(data)) {
            accepted.add(running);
            for (String job : accepted) {
                awaitEnd(again, job);
            }
        }
    }

    private static String post(GatewayProcess gateway, String parameters) {
        HttpResponse<String> answer = gateway.http().post("/jobs", GatewayFixture.job(parameters));
        assertThat(answer.statusCode()).isEqualTo(202);
        return TestHttp.json(answer).get("job_id").asText();
    }
}
