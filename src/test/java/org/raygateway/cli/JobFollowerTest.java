package org.raygateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.raygateway.cli.FakeGateway.broken;
import static org.raygateway.cli.FakeGateway.event;
import static org.raygateway.cli.FakeGateway.json;
import static org.raygateway.cli.FakeGateway.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.raygateway.cli.FakeGateway.Asked;

class JobFollowerTest {
    private static final String EVENTS = "GET /jobs/j/events";

    private final List<Integer> seen = new CopyOnWriteArrayList<>();

    @RegisterExtension
    final FakeGateway gateway = new FakeGateway();

    @Test
    void resumesABrokenStreamAfterTheLastEventWithoutRepeatingAny() throws InterruptedException {
        gateway.on(EVENTS, broken(event("0-0", "SUBMITTED", 0), event("1-1", "RUNNING", 10)));
        gateway.on(EVENTS, stream(event("1-1", "RUNNING", 10), event("1-2", "RUNNING", 50), "data: {\"cut"));
        gateway.on(EVENTS, stream(event("1-3", "COMPLETED", 100)));

        assertThat(follower().follow().path("status").asText()).isEqualTo("COMPLETED");

        assertThat(seen).containsExactly(0, 10, 50, 100);
        assertThat(gateway.asked).extracting(Asked::lastEventId).containsExactly(null, "1-1", "1-2");
    }

    @Test
    void asksForTheJobWhereTheStreamIsOver() throws InterruptedException {
        gateway.on(EVENTS, json(204, "")).on("GET /jobs/j", json(200, "{\"status\":\"FAILED\"}"));

        assertThat(follower().follow().path("status").asText()).isEqualTo("FAILED");
    }

    @Test
    void waitsWhereTheGatewayHasTooManySubscribers() throws InterruptedException {
        gateway.on(EVENTS, json(503, "{}", "Retry-After", "0")).on(EVENTS, json(429, "{}"));
        gateway.on(EVENTS, stream(event("1-3", "CANCELLED", -1)));

        assertThat(follower().follow().path("status").asText()).isEqualTo("CANCELLED");
    }

    @Test
    void tellsAtHeartbeatsWhatDispatchedJobWaitsFor() throws InterruptedException {
        gateway.on(EVENTS, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream stream = exchange.getResponseBody();
            write(stream, event("0-0", "SUBMITTED", 0) + event("1-0", "DISPATCHED", 1));
            await().until(() -> seen.size() == 2);
            write(stream, ": heartbeat\n\n");
            await().until(() -> gateway.asked.size() == 2);
            write(stream, event("1-1", "COMPLETED", 100));
            exchange.close();
        });
        gateway.on("GET /jobs/j", json(200, "{\"status\":\"DISPATCHED\",\"progress\":2,\"message\":\"no GPU\"}"));

        follower().follow();

        assertThat(seen).containsExactly(0, 1, 2, 100);
    }

    private static void write(OutputStream stream, String text) throws IOException {
        stream.write(text.getBytes(StandardCharsets.UTF_8));
        stream.flush();
    }

    @Test
    void givesUpAfterSeveralAttemptsWithoutAnyEvent() {
        for (int i = 0; i < 4; i++) {
            gateway.on(EVENTS, stream());
        }

        assertThatThrownBy(() -> follower().follow()).isInstanceOf(UnreachableException.class);
        assertThat(gateway.asked).hasSize(4);
    }

    @Test
    void doesNotAskAgainForAJobNobodyKnows() {
        gateway.on(EVENTS, json(404, "{\"title\":\"Not found\"}"));

        assertThatThrownBy(() -> follower().follow()).isInstanceOf(RefusedException.class);
        assertThat(gateway.asked).hasSize(1);
    }

    private JobFollower follower() {
        return new JobFollower(
                new GatewayClient(URI.create(gateway.url()), Duration.ofSeconds(10)),
                "j",
                event -> seen.add(event.path("progress").asInt()),
                new JobFollower.Backoff(Duration.ofMillis(1), Duration.ofMillis(2), 4));
    }
}
