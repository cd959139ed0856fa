package org.raygateway.bench;

import java.time.Duration;
import java.util.Map;

/** Many jobs posted at once: each accepted or clearly refused, each accepted one ends. */
final class Burst {
    private static final int CONNECTIONS = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** @param ended how many accepted jobs are in each status at the end */
    record Outcome(PostLoad.Outcome posts, double endedSeconds, Map<String, Integer> ended) {}

    private Burst() {}

    static Outcome measure(int port, int count, Jobs jobs) throws InterruptedException {
        var body = LoadClient.job("monte_carlo", Map.of("iterations", 1000));
        PostLoad.Outcome posts = PostLoad.run(port, Math.min(count, CONNECTIONS), count, LIMIT, body);
        double seconds = posts.seconds() + jobs.awaitAllEnded(LIMIT);
        return new Outcome(posts, seconds, jobs.statuses(posts.ids()));
    }
}
