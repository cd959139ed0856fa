package org.raygateway.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.FakeDriver;
import org.raygateway.GatewayFixture;
import org.raygateway.TestHttp;
import org.raygateway.servicebus.embedded.EmbeddedServiceBus;
import org.raygateway.servicebus.embedded.EmbeddedServiceBusSettings;

/** Posts while the broker is away. */
class BrokerOutageIT {
    @TempDir
    Path data;

    private GatewayFixture start(FakeDriver driver, String connectionString, String... more) {
        return GatewayFixture.start(
                data.resolve("gateway"),
                driver.properties(Stream.concat(
                                Stream.of(
                                        "gateway.servicebus.mode", "azure",
                                        "gateway.servicebus.connection-string", connectionString,
                                        "gateway.servicebus.try-timeout", "1s",
                                        "gateway.submission.timeout", "5s"),
                                Stream.of(more))
                        .toArray(String[]::new)));
    }

    private static String connectionTo(ServerSocket silent) {
        return "Endpoint=sb://localhost:" + silent.getLocalPort()
                + ";SharedAccessKeyName=name;SharedAccessKey=a2V5;UseDevelopmentEmulator=true";
    }

    private EmbeddedServiceBus startBroker(int port) {
        return EmbeddedServiceBus.start(
                EmbeddedServiceBusSettings.of(port, data.resolve("broker.db"), "RootManageSharedAccessKey", "a2V5"));
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(TestHttp.json(answer).get("detail").asText())
                .isEqualTo("Messaging service is currently unavailable.");
        assertThat(answer.body()).doesNotContain("a2V5", "Exception", "localhost");
    }

    private static int jobs(GatewayFixture gateway) {
        return TestHttp.json(gateway.http().get("/jobs")).get("jobs").size();
    }

    @Test
    void refusesPostsWhileBrokerIsAwayAndNeverRunsThem() {
        EmbeddedServiceBus broker = startBroker(0);
        try (FakeDriver driver = FakeDriver.start();
                GatewayFixture gateway = start(driver, broker.connectionString())) {
            String before = gateway.submit(SHORT);
            await().until(() -> driver.submits(before).size() == 1);

            broker.close();
            assertRefused(gateway.post(SHORT));
            assertRefused(gateway.post(SHORT, "Idempotency-Key", "during-outage"));
            assertThat(jobs(gateway)).isEqualTo(1);
            assertThat(gateway.operations().get("/observe/health").statusCode()).isEqualTo(503);

            broker = startBroker(broker.port());
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> gateway.post(SHORT, "Idempotency-Key", "during-outage")
                                    .statusCode()
                            == 202);
            String after = gateway.submit(SHORT);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> driver.submits(after).size() == 1);
            assertThat(jobs(gateway)).isEqualTo(3);
            assertThat(driver.submits()).hasSize(3);
        } finally {
            broker.close();
        }
    }

    @Test
    void refusesPostsWithinTheDeadlineWhereBrokerNeverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FakeDriver driver = FakeDriver.start();
                GatewayFixture gateway = start(driver, connectionTo(silent))) {
            assertRefused(gateway.post(SHORT));
            assertThat(jobs(gateway)).isZero();
        }
    }

    @Test
    void answersLookUpsWhileMorePostsWaitForTheBrokerThanThereAreWorkers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FakeDriver driver = FakeDriver.start();
                GatewayFixture gateway = start(driver, connectionTo(silent), "gateway.http.worker-threads", "1")) {
            CompletableFuture<HttpResponse<String>> first = CompletableFuture.supplyAsync(() -> gateway.post(SHORT));
            CompletableFuture<HttpResponse<String>> second = CompletableFuture.supplyAsync(() -> gateway.post(SHORT));

            await().until(() -> jobs(gateway) > 0);

            assertRefused(first.join());
            assertRefused(second.join());
        }
    }

    @Test
    void refusesRequestsBeyondWhatItMayHoldAtOnce() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FakeDriver driver = FakeDriver.start();
                GatewayFixture gateway =
                        start(driver, connectionTo(silent), "gateway.http.max-pending-requests", "1")) {
            CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(() -> gateway.post(SHORT));
            await().until(() ->
                    gateway.operations().get("/observe/metrics").body().contains("gateway_jobs_active 1.0"));

            HttpResponse<String> answer = gateway.http().get("/jobs");

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            assertThat(TestHttp.json(answer).get("detail").asText()).contains("more requests in work");
            assertRefused(waiting.join());
            await().until(() -> gateway.http().get("/jobs").statusCode() == 200);
        }
    }

    @Test
    void refusesBodiesBeyondWhatItMayHoldAtOnce() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FakeDriver driver = FakeDriver.start();
                GatewayFixture gateway = start(
                        driver,
                        connectionTo(silent),
                        "gateway.http.max-body-bytes",
                        "2097152",
                        "gateway.http.max-pending-bytes",
                        "1048576")) {
            HttpResponse<String> answer = gateway.http().post("/jobs", " ".repeat(1_048_577));

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(TestHttp.json(answer).get("detail").asText()).contains("more requests in work");
            assertThat(gateway.http().get("/jobs").statusCode()).isEqualTo(200);
        }
    }
}
