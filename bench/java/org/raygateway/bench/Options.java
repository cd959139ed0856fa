package org.raygateway.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How much to measure.
 *
 * @param home the gateway's folder
 * @param quick small: about a minute, and not kept
 * @param postsOnly just the comparison of posts, printed and not kept
 * @param connections keep-alive connections of each post measurement
 * @param rounds how often (a) and (b) take turns at each number of connections
 * @param postTime longest time of one post measurement
 * @param maxPosts most posts of one measurement, so that the backlog stays within the broker's bounds
 * @param delays jobs in the idle and in the loaded delay measurement
 * @param subscribers event streams on one job
 * @param burst jobs posted at once
 * @param starts how often a gateway is started to take the time
 */
record Options(
        Path home,
        boolean quick,
        boolean postsOnly,
        List<Integer> connections,
        int rounds,
        Duration postTime,
        int maxPosts,
        int delays,
        int subscribers,
        int burst,
        int starts) {

    static Options parse(String[] arguments) {
        Path home = Path.of(System.getProperty("gateway.home")).toAbsolutePath();
        boolean quick = false;
        boolean postsOnly = false;
        for (String argument : arguments) {
            switch (argument) {
                case "--quick" -> quick = true;
                case "--posts" -> postsOnly = true;
                default ->
                    throw new IllegalArgumentException("usage: bench/run [--quick] [--posts], got `" + argument + "`");
            }
        }
        List<Integer> connections = List.of(1, 8, 32, 128);
        return quick
                ? new Options(home, true, postsOnly, connections, 1, Duration.ofSeconds(2), 5_000, 50, 200, 1_000, 1)
                : new Options(
                        home, false, postsOnly, connections, 3, Duration.ofSeconds(5), 20_000, 300, 1_000, 10_000, 3);
    }
}
