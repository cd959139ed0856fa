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
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.raygateway.cli.FakeGateway.Asked;

class JobFollowerTest {
    private static final String EVENTS = "GET /jobs/j/events";

    private final List<Integer> seen = new CopyOnWriteArrayList<>();
    private final List<String> notices = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();

    /** Pauses take no time but move the clock. */
    private final AtomicLong passed = new AtomicLong();

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
    void bearsRestartOfTheGatewayHoweverSoonItIsToldToComeBack() throws InterruptedException {
        gateway.on(EVENTS, broken(event("0-0", "SUBMITTED", 0), event("1-1", "RUNNING", 10)));
        for (int i = 0; i < 40; i++) {
            gateway.on(EVENTS, json(503, "{\"title\":\"Starting\"}", "Retry-After", "1"));
        }
        gateway.on(EVENTS, stream(event("1-1", "RUNNING", 10), event("1-2", "COMPLETED", 100)));

        assertThat(follower().follow().path("status").asText()).isEqualTo("COMPLETED");

        assertThat(seen).containsExactly(0, 10, 100);
        assertThat(gateway.asked)
                .extracting(Asked::lastEventId)
                .startsWith(null, "1-1")
                .hasSize(42);
        assertThat(pauses).hasSize(41);
        assertThat(pauses.subList(1, 41)).isSorted().allSatisfy(pause -> assertThat(pause)
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5)));
    }

    @Test
    void saysThatItReconnectsThenNowAndThenAndThatItIsBack() throws InterruptedException {
        gateway.on(EVENTS, broken(event("1-1", "RUNNING", 10)));
        for (int i = 0; i < 20; i++) {
            gateway.on(EVENTS, json(503, "{\"title\":\"Starting\"}"));
        }
        gateway.on(EVENTS, stream(event("1-2", "COMPLETED", 100)));

        follower().follow();

        assertThat(notices).hasSizeBetween(3, 6);
        assertThat(notices.get(0)).isEqualTo("reconnecting for up to 5 min: the stream broke");
        assertThat(notices.get(1)).isEqualTo("still reconnecting for up to 4 min: the gateway answered 503 Starting");
        assertThat(notices.get(notices.size() - 1)).isEqualTo("the gateway is back");
    }

    @Test
    void staysPatientAsLongAsTheGatewayComesBackInBetween() throws InterruptedException {
        for (int round = 1; round <= 4; round++) {
            gateway.on(EVENTS, broken(event("1-" + round, "RUNNING", round)));
            for (int i = 0; i < 40; i++) {
                gateway.on(EVENTS, json(503, "{}"));
            }
        }
        gateway.on(EVENTS, stream(event("1-9", "COMPLETED", 100)));

        follower().follow();

        assertThat(seen).containsExactly(1, 2, 3, 4, 100);
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).isGreaterThan(Duration.ofMinutes(10));
    }

    @Test
    void givesUpWhenPatienceEndsAndSaysSo() {
        for (int i = 0; i < 200; i++) {
            gateway.on(EVENTS, stream());
        }

        assertThatThrownBy(() -> follower().follow()).isInstanceOf(UnreachableException.class);
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(Duration.ofMinutes(5));
        assertThat(notices.get(notices.size() - 1)).startsWith("gave up after 5 min");
    }

    @Test
    void givesUpAtOnceWhereTheGatewayAsksForMoreThanItsPatience() {
        gateway.on(EVENTS, json(503, "{}", "Retry-After", "301"));

        assertThatThrownBy(() -> follower().follow()).isInstanceOf(RefusedException.class);
        assertThat(pauses).isEmpty();
        assertThat(notices).singleElement().asString().startsWith("gave up after 0 s");
    }

    @Test
    void asksForTheResultAgainWhereTheGatewayGoesAwayBeforeIt() throws InterruptedException {
        gateway.on("GET /jobs/j/result", exchange -> exchange.close())
                .on("GET /jobs/j/result", json(503, "{}"))
                .on("GET /jobs/j/result", json(200, "{\"result\":{\"x\":1}}"));

        assertThat(follower().result().at("/result/x").asInt()).isEqualTo(1);
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
                new Reconnects(Reconnects.DEFAULT_PATIENCE, notices::add, passed::get, pause -> {
                    pauses.add(pause);
                    passed.addAndGet(pause.toNanos());
                }));
    }
}
