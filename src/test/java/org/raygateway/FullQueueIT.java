package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More jobs than the queue holds: posts are refused, what runs goes on to be heard of, and the queue empties again. */
class FullQueueIT {
    private static final int MORE_THAN_FIT = 400;

    @TempDir
    Path data;

    @Test
    void jobsThatRunAreHeardOfWhileTheQueueIsFull() {
        try (FakeDriver driver = FakeDriver.start();
                GatewayFixture gateway = GatewayFixture.start(
                        data, driver.properties("gateway.servicebus.embedded.max-messages", "200"))) {
            String running = gateway.submitDispatched(SHORT);
            gateway.operate("/ops/routes/dispatch-job/suspend");
            List<String> accepted = new ArrayList<>();
            HttpResponse<String> refusal = postUntilRefused(gateway, accepted);
            assertThat(refusal.statusCode()).as(refusal.body()).isEqualTo(503);
            assertThat(refusal.headers().firstValue("Retry-After")).isPresent();
            assertThat(TestHttp.json(refusal).get("detail").asText())
                    .isEqualTo("Messaging service is currently unavailable.");

            gateway.serviceBus().publish(status(running, "RUNNING", 50, 1), status(running, "COMPLETED", 100, 2));
            gateway.awaitStatus(running, "COMPLETED");

            gateway.operate("/ops/routes/dispatch-job/resume");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> gateway.post(SHORT).statusCode() == 202);
            accepted.forEach(job -> gateway.awaitStatus(job, "DISPATCHED"));
        }
    }

    private static HttpResponse<String> postUntilRefused(GatewayFixture gateway, List<String> accepted) {
        HttpResponse<String> answer = gateway.post(SHORT);
        while (answer.statusCode() == 202 && accepted.size() < MORE_THAN_FIT) {
            accepted.add(TestHttp.json(answer).get("job_id").asText());
            answer = gateway.post(SHORT);
        }
        return answer;
    }

    private static String status(String job, String status, int progress, int sequence) {
        return "{\"job_id\": \"" + job + "\", \"status\": \"" + status + "\", \"progress\": " + progress
                + ", \"attempt\": 1, \"sequence\": " + sequence
                + (status.equals("COMPLETED") ? ", \"result\": {}" : "") + ", \"occurred_at\": \"" + Instant.now()
                + "\"}";
    }
}
