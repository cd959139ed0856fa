package org.raygateway.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.FakeDriver;
import org.raygateway.GatewayFixture;
import org.raygateway.TestHttp;

/** What a post leaves in the queue, and what repeating it does. The driver stays busy, so that jobs stay in the queue. */
class SubmitJobIT {
    @TempDir
    static Path data;

    private static final FakeDriver DRIVER = FakeDriver.start();
    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(data, DRIVER.properties());
        gateway.operate("/ops/routes/dispatch-job/suspend");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        DRIVER.close();
    }

    @Test
    void queuesTheJobAndNothingElseOfTheCallers() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        HttpResponse<String> answer = gateway.post(
                "{\"iterations\": 123}",
                "Authorization",
                "Bearer secret-token",
                "Cookie",
                "session=secret-token",
                "X-Custom",
                "secret-token",
                "Idempotency-Key",
                "secret-token",
                "baggage",
                "secret-token",
                "traceparent",
                "00-" + trace + "-00f067aa0ba902b7-01");
        String job = TestHttp.json(answer).get("job_id").asText();

        ServiceBusReceivedMessage message = gateway.serviceBus().jobs().stream()
                .filter(one -> one.getMessageId().equals(job))
                .findFirst()
                .orElseThrow();
        assertThat(message.getCorrelationId()).isEqualTo(job);
        assertThat(message.getContentType()).isEqualTo("application/json");
        assertThat(message.getApplicationProperties()).containsOnlyKeys("traceparent");
        assertThat(message.getApplicationProperties().get("traceparent").toString())
                .startsWith("00-" + trace + "-")
                .doesNotContain("00f067aa0ba902b7");
        JsonNode body = TestHttp.json(message.getBody().toString());
        assertThat(body.get("job_id").asText()).isEqualTo(job);
        assertThat(body.at("/parameters/iterations").asInt()).isEqualTo(123);
        assertThat(body.at("/parameters/seed").asInt()).isEqualTo(42);
        assertThat(List.of(
                        message.getBody().toString(),
                        message.getApplicationProperties().toString(),
                        String.valueOf(message.getSubject()),
                        String.valueOf(message.getReplyTo()),
                        String.valueOf(message.getTo())))
                .noneMatch(text -> text.contains("secret-token"));
    }

    @Test
    void answersRepeatedPostAlikeAndQueuesItOnce() {
        HttpResponse<String> first = gateway.post("{\"iterations\": 7, \"seed\": 1}", "Idempotency-Key", "repeat");
        HttpResponse<String> again = gateway.post("{ \"seed\": 1, \"iterations\": 7 }", "Idempotency-Key", "repeat");

        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertThat(queuedTimes(TestHttp.json(first).get("job_id").asText())).isEqualTo(1);
    }

    private static long queuedTimes(String job) {
        return gateway.serviceBus().jobs().stream()
                .filter(message -> message.getMessageId().equals(job))
                .count();
    }

    @Test
    void refusesKeyReusedForAnotherJob() {
        String job = TestHttp.json(gateway.post(SHORT, "Idempotency-Key", "other"))
                .get("job_id")
                .asText();
        HttpResponse<String> refused = gateway.post("{\"iterations\": 8}", "Idempotency-Key", "other");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(refused.body()).doesNotContain(job);
    }

    @Test
    void makesOneJobOfTwentyPostsAtOnce() throws Exception {
        int posts = 20;
        ExecutorService threads = Executors.newFixedThreadPool(posts);
        try {
            CyclicBarrier together = new CyclicBarrier(posts);
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < posts; i++) {
                answers.add(threads.submit(() -> {
                    together.await(30, TimeUnit.SECONDS);
                    return gateway.post(SHORT, "Idempotency-Key", "at-once");
                }));
            }
            String body = answers.get(0).get(30, TimeUnit.SECONDS).body();
            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(202);
                assertThat(answer.get().body()).isEqualTo(body);
            }
            assertThat(queuedTimes(TestHttp.json(body).get("job_id").asText())).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
        await().until(threads::isTerminated);
    }
}
