package org.raygateway.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.EventReader;
import org.raygateway.FakeDriver;
import org.raygateway.GatewayFixture;
import org.raygateway.Statuses;
import org.raygateway.TestHttp;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

/** Bounds on event streams. */
class SubscriberLimitsIT {
    @TempDir
    static Path data;

    private static final int BULKY_BATCHES = 20;
    private static final int BULKY_BATCH = 300;

    private static final FakeDriver DRIVER = FakeDriver.start();
    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(
                data,
                DRIVER.properties(
                        "gateway.events.max-subscribers", "2",
                        "gateway.events.heartbeat", "200ms",
                        "gateway.events.slow-client-timeout", "500ms"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        DRIVER.close();
    }

    @Test
    void refusesMoreSubscribersThanAllowedAndForgetsThoseThatLeave() {
        String job = gateway.submitDispatched(SHORT);
        EventReader first = gateway.follow(job);
        try (EventReader second = gateway.follow(job)) {
            await().until(() -> first.events().size() == 2 && second.events().size() == 2);

            HttpResponse<String> third = gateway.http().get("/jobs/" + job + "/events");
            assertThat(third.statusCode()).isEqualTo(503);
            assertThat(third.headers().firstValue("Retry-After")).isPresent();
            assertThat(TestHttp.json(third).get("status").asInt()).isEqualTo(503);

            first.close();
            await().until(() -> canFollow(job));
        }
        gateway.serviceBus().publish(Statuses.completed(job, 1, 1));
        gateway.awaitStatus(job, "COMPLETED");
    }

    /** Looks at the head only: the stream would not end. */
    private static boolean canFollow(String job) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                gateway.http().uri("/jobs/" + job + "/events").toURL().openConnection();
        try {
            return connection.getResponseCode() == 200;
        } finally {
            connection.disconnect();
        }
    }

    @Test
    void cutsOffSubscriberThatTakesNothingAndServesTheOthers() throws IOException {
        String job = gateway.submitDispatched(SHORT);
        URI server = gateway.http().uri("/");
        try (Socket slow = new Socket();
                EventReader other = gateway.follow(job)) {
            slow.setReceiveBufferSize(4096);
            slow.connect(new InetSocketAddress(server.getHost(), server.getPort()));
            slow.setSoTimeout(30_000);
            slow.getOutputStream()
                    .write(("GET /jobs/" + job + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> other.events().size() == 2);

            for (int batch = 0; batch < BULKY_BATCHES; batch++) {
                gateway.serviceBus().publish(bulky(job, batch));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> canFollow(job));
            gateway.serviceBus().publish(Statuses.completed(job, 1, BULKY_BATCHES * BULKY_BATCH + 1));
            assertThat(other.awaitEnd()).hasSize(BULKY_BATCHES * BULKY_BATCH + 3);

            assertThat(readAll(slow.getInputStream())).doesNotContain("COMPLETED");
        }
    }

    /** More than socket buffers hold, all batches together. */
    private static String[] bulky(String job, int batch) {
        String message = "x".repeat(StatusEvent.MAX_MESSAGE);
        return IntStream.rangeClosed(1, BULKY_BATCH)
                .mapToObj(i -> Statuses.of(job, JobStatus.RUNNING, 1, 1, batch * BULKY_BATCH + i, message, null))
                .toArray(String[]::new);
    }

    private static String readAll(InputStream in) {
        StringBuilder all = new StringBuilder();
        byte[] buffer = new byte[65536];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                all.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
            }
        } catch (IOException reset) {
            all.append("(reset)");
        }
        return all.toString();
    }
}
