package org.raygateway.bench.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.raygateway.bench.LoadClient;
import org.raygateway.bench.Samples;

/** Ray's own Jobs REST API, which listens beside the dashboard: jobs that do nothing, some at once, each until it has ended. */
final class JobsApi {
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final long LOOK_MILLIS = 50;
    private static final Buffer JOB = new JsonObject().put("entrypoint", "true").toBuffer();

    /** @param ended how many in each status */
    record Outcome(int atOnce, Samples succeeded, Map<String, Integer> ended, double seconds) {
        int jobs() {
            return ended.values().stream().mapToInt(Integer::intValue).sum();
        }

        double perSecond() {
            return ended.getOrDefault("SUCCEEDED", 0) / seconds;
        }
    }

    private final LoadClient client;
    private final Samples succeeded = new Samples();
    private final Map<String, Integer> ended = new TreeMap<>();
    private int left;

    private JobsApi(LoadClient client, int jobs) {
        this.client = client;
        this.left = jobs;
    }

    /** The first job is not counted: it starts what the others find. */
    static Outcome measure(int port, int jobs, int atOnce) throws InterruptedException {
        try (LoadClient client = new LoadClient(port, 2 * atOnce)) {
            client.await(LIMIT, new JobsApi(client, 1)::next);
            JobsApi api = new JobsApi(client, jobs);
            long started = System.nanoTime();
            client.await(LIMIT, () -> api.side(atOnce));
            return new Outcome(atOnce, api.succeeded, api.ended, (System.nanoTime() - started) / 1e9);
        }
    }

    private Future<Void> side(int atOnce) {
        Future<Void> all = Future.succeededFuture();
        for (int i = 0; i < atOnce; i++) {
            Future<Void> before = all;
            all = next().compose(nothing -> before);
        }
        return all;
    }

    private Future<Void> next() {
        if (left == 0) {
            return Future.succeededFuture();
        }
        left--;
        long posted = System.nanoTime();
        return client.post("/api/jobs/", JOB)
                .compose(answer -> answer.status() == 200
                        ? awaitEnd(answer.body().toJsonObject().getString("submission_id"))
                        : Future.failedFuture("Ray's Jobs API answered " + answer.status() + " " + answer.body()))
                .compose(status -> {
                    ended.merge(status, 1, Integer::sum);
                    if ("SUCCEEDED".equals(status)) {
                        succeeded.add(System.nanoTime() - posted);
                    }
                    return next();
                });
    }

    private Future<String> awaitEnd(String id) {
        return client.get("/api/jobs/" + id).compose(job -> {
            String status = job.getString("status");
            if (!"PENDING".equals(status) && !"RUNNING".equals(status)) {
                return Future.succeededFuture(status);
            }
            Promise<String> later = Promise.promise();
            client.vertx().setTimer(LOOK_MILLIS, now -> awaitEnd(id).onComplete(later));
            return later.future();
        });
    }
}
