package org.raygateway.bench;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Many subscribers on one running job: how late events come, and whether everyone gets all of them in the same order. */
final class FanOut {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final long CALIBRATION = 20_000_000;
    private static final double RUN_SECONDS = 12;

    /**
     * What came of it.
     *
     * @param live events that happened after all were connected, counted for each subscriber: the delay's samples
     * @param complete subscribers that got exactly the events that the store replays, in their order
     */
    record Outcome(int subscribers, double connectSeconds, int events, Samples live, int complete) {}

    private final LoadClient client;
    private final int subscribers;
    private final List<List<String>> seen = new ArrayList<>();
    private final Samples live = new Samples();
    private int open;
    private long started;
    private long allOpenNanos;
    private Instant allOpen = Instant.MAX;

    private FanOut(LoadClient client, int subscribers) {
        this.client = client;
        this.subscribers = subscribers;
    }

    static Outcome measure(int port, int subscribers) throws InterruptedException {
        try (LoadClient client = new LoadClient(port, subscribers + 10)) {
            FanOut fanOut = new FanOut(client, subscribers);
            return client.await(LIMIT, fanOut::run);
        }
    }

    /** Sizes the job by a smaller one, timed after another that has warmed the computation up. */
    private Future<Outcome> run() {
        return timed(CALIBRATION)
                .compose(cold -> timed(CALIBRATION))
                .compose(seconds -> submit((long) (CALIBRATION * RUN_SECONDS / seconds)))
                .compose(this::subscribeAll);
    }

    private Future<Double> timed(long iterations) {
        long from = System.nanoTime();
        return submit(iterations)
                .compose(id -> client.follow(id, () -> {}, event -> {}))
                .map(nothing -> (System.nanoTime() - from) / 1e9);
    }

    private Future<String> submit(long iterations) {
        return client.post(
                        "/jobs",
                        LoadClient.job("monte_carlo", Map.of("iterations", Math.min(iterations, 1_000_000_000L))))
                .compose(answer -> answer.status() == 202
                        ? Future.succeededFuture(answer.body().toJsonObject().getString("job_id"))
                        : Future.failedFuture("the job was answered " + answer.status() + " " + answer.body()));
    }

    private Future<Outcome> subscribeAll(String id) {
        started = System.nanoTime();
        List<Future<Void>> streams = new ArrayList<>();
        for (int i = 0; i < subscribers; i++) {
            List<String> own = new ArrayList<>();
            seen.add(own);
            streams.add(client.follow(id, this::opened, event -> received(own, event)));
        }
        List<String> replayed = new ArrayList<>();
        return Future.join(streams)
                .compose(all -> client.follow(id, () -> {}, event -> replayed.add(event.getString("event_id"))))
                .map(nothing -> new Outcome(subscribers, (allOpenNanos - started) / 1e9, replayed.size(), live, (int)
                        seen.stream().filter(replayed::equals).count()));
    }

    private void opened() {
        open++;
        if (open == subscribers) {
            allOpen = Instant.now();
            allOpenNanos = System.nanoTime();
        }
    }

    private void received(List<String> own, JsonObject event) {
        own.add(event.getString("event_id"));
        Instant occurred = Instant.parse(event.getString("occurred_at"));
        if (occurred.isAfter(allOpen)) {
            live.add(Duration.between(occurred, Instant.now()).toNanos());
        }
    }
}
