package org.raygateway.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Posts from so many connections at once, each after its last answer, for a time or up to a number. */
public final class PostLoad {
    /**
     * What came of it.
     *
     * @param ids of the accepted jobs
     * @param others how many answers of each other status; 0 stands for none at all
     * @param unclear refusals that were no problem+json with a title
     * @param seconds from the first request to the last answer
     */
    public record Outcome(
            List<String> ids, Map<Integer, Integer> others, int unclear, double seconds, Samples latency) {
        double acceptedPerSecond() {
            return ids.size() / seconds;
        }
    }

    private final LoadClient client;
    private final Buffer body;
    private final List<String> ids = new ArrayList<>();
    private final Map<Integer, Integer> others = new TreeMap<>();
    private final Samples latency = new Samples();
    private final Promise<Outcome> done = Promise.promise();
    private int unclear;
    private int left;
    private int active;
    private long end;
    private long started;

    private PostLoad(LoadClient client, Buffer body) {
        this.client = client;
        this.body = body;
    }

    static Outcome run(int port, int connections, int posts, Duration time, Buffer body) throws InterruptedException {
        try (LoadClient client = new LoadClient(port, connections)) {
            PostLoad load = new PostLoad(client, body);
            return client.await(time.plusMinutes(3), () -> load.start(connections, posts, time));
        }
    }

    private Future<Outcome> start(int connections, int posts, Duration time) {
        left = posts;
        started = System.nanoTime();
        end = started + time.toNanos();
        active = connections;
        for (int i = 0; i < connections; i++) {
            next();
        }
        return done.future();
    }

    private void next() {
        long now = System.nanoTime();
        if (left == 0 || now > end) {
            active--;
            if (active == 0) {
                double seconds = (System.nanoTime() - started) / 1e9;
                done.complete(new Outcome(ids, others, unclear, seconds, latency));
            }
            return;
        }
        left--;
        client.post("/jobs", body).onComplete(answer -> {
            if (answer.succeeded()) {
                count(answer.result(), System.nanoTime() - now);
            } else {
                others.merge(0, 1, Integer::sum);
                unclear++;
            }
            next();
        });
    }

    private void count(LoadClient.Answer answer, long nanos) {
        if (answer.status() == 202) {
            latency.add(nanos);
            ids.add(answer.body().toJsonObject().getString("job_id"));
            return;
        }
        others.merge(answer.status(), 1, Integer::sum);
        if (!answer.body().toString().contains("\"title\"")) {
            unclear++;
        }
    }
}
