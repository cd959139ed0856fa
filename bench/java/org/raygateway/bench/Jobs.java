package org.raygateway.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the gateway says of its jobs. */
public final class Jobs {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final List<String> UNFINISHED = List.of("SUBMITTED", "DISPATCHED", "RUNNING");

    private final LoadClient client;

    public Jobs(LoadClient client) {
        this.client = client;
    }

    /** Waits until no job is left unfinished and returns the seconds it took; fails at the limit. */
    public double awaitAllEnded(Duration limit) throws InterruptedException {
        long started = System.nanoTime();
        while (anyUnfinished()) {
            if (System.nanoTime() - started > limit.toNanos()) {
                throw new IllegalStateException("jobs were still unfinished after " + limit.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return (System.nanoTime() - started) / 1e9;
    }

    private boolean anyUnfinished() throws InterruptedException {
        for (String status : UNFINISHED) {
            if (!page("?limit=1&status=" + status).getJsonArray("jobs").isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** How many of these jobs are in each status; MISSING counts those the gateway does not list. */
    Map<String, Integer> statuses(List<String> ids) throws InterruptedException {
        Set<String> wanted = new HashSet<>(ids);
        Map<String, Integer> counts = new TreeMap<>();
        String cursor = null;
        do {
            JsonObject page = page("?limit=200" + (cursor == null ? "" : "&cursor=" + cursor));
            JsonArray jobs = page.getJsonArray("jobs");
            for (int i = 0; i < jobs.size(); i++) {
                if (wanted.remove(jobs.getJsonObject(i).getString("job_id"))) {
                    counts.merge(jobs.getJsonObject(i).getString("status"), 1, Integer::sum);
                }
            }
            cursor = page.getString("next_cursor");
        } while (cursor != null && !wanted.isEmpty());
        if (!wanted.isEmpty()) {
            counts.put("MISSING", wanted.size());
        }
        return counts;
    }

    private JsonObject page(String query) throws InterruptedException {
        return client.await(ANSWER, () -> client.get("/jobs" + query));
    }
}
