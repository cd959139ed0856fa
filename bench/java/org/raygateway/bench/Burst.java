package org.raygateway.bench;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;

/** Many jobs posted at once: each accepted or clearly refused, each accepted one ends. */
public final class Burst {
    private static final int CONNECTIONS = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** @param ended how many accepted jobs are in each status at the end */
    public record Outcome(PostLoad.Outcome posts, double endedSeconds, Map<String, Integer> ended) {}

    private Burst() {}

    static Outcome measure(int port, int count, Jobs jobs) throws InterruptedException {
        return measure(port, count, LoadClient.shortJob(), LIMIT, jobs);
    }

    /** Jobs of any kind. */
    public static Outcome measure(int port, int count, Buffer body, Duration limit, Jobs jobs)
            throws InterruptedException {
        PostLoad.Outcome posts = PostLoad.run(port, Math.min(count, CONNECTIONS), count, limit, body);
        double seconds = posts.seconds() + jobs.awaitAllEnded(limit);
        return new Outcome(posts, seconds, jobs.statuses(posts.ids()));
    }
}
