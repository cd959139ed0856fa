package org.raygateway.bench;

import static org.raygateway.bench.Markdown.format;
import static org.raygateway.bench.Markdown.goal;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Everything measured, as Markdown. */
record Report(
        Machine machine,
        Instant started,
        Options options,
        PostComparison.Outcome posts,
        JobDelay.Outcome idle,
        JobDelay.Outcome loaded,
        double loadRate,
        FanOut.Outcome fanOut,
        List<StartUp.Outcome> starts,
        Burst.Outcome burst,
        double afterLoadMegabytes,
        double peakMegabytes) {

    String markdown() {
        return String.join("\n\n", heading(), postTable(posts.rows()), goalTable(), notes()) + "\n";
    }

    private String heading() {
        return format(
                "# Benchmark of %s%s\n\n%d cores (%s), %,d MB memory, %s, %s; load average before the start %.1f. "
                        + "Client, gateway, broker and Ray (LOCAL) share the machine.",
                started.toString().substring(0, 10),
                options.quick() ? " (quick)" : "",
                machine.cores(),
                machine.processor(),
                machine.memoryMegabytes(),
                machine.java(),
                machine.system(),
                machine.load());
    }

    static String postTable(List<PostComparison.Row> rows) {
        return "| connections | (a) gateway, accepted jobs/s | (a) p50 / p99 ms | (b) bare handler, 202s/s | (b) p50 / p99 ms | a / b |\n"
                + "|---|---|---|---|---|---|\n"
                + rows.stream().map(Report::row).collect(Collectors.joining("\n"));
    }

    private static String row(PostComparison.Row row) {
        return format(
                "| %d | %,.0f%s | %s | %,.0f | %s | %.2f |",
                row.connections(),
                median(row.gateway()),
                row.refused().isEmpty() ? "" : " (others: " + row.refused() + ")",
                row.gatewayLatency().p50AndP99(),
                median(row.bare()),
                row.bareLatency().p50AndP99(),
                median(row.gateway()) / median(row.bare()));
    }

    private String goalTable() {
        PostComparison.Row at32 = posts.rows().stream()
                .filter(row -> row.connections() == 32)
                .findFirst()
                .orElseThrow();
        double perSecond = median(at32.gateway());
        double ratio = perSecond / median(at32.bare());
        double start = median(starts.stream().map(StartUp.Outcome::seconds).toList());
        double resident =
                median(starts.stream().map(StartUp.Outcome::residentMegabytes).toList());
        int accepted = burst.posts().ids().size();
        boolean allEnded =
                burst.ended().keySet().stream().allMatch(List.of("COMPLETED", "FAILED", "CANCELLED")::contains);
        return String.join(
                "\n",
                "| what | measured | goal |",
                "|---|---|---|",
                goal("Accepted jobs/s at 32 connections", format("%,.0f", perSecond), "over 2,000", perSecond > 2000),
                goal("a / b at 32 connections", format("%.2f", ratio), "at least 0.5", ratio >= 0.5),
                goal(
                        "POST to RUNNING, pooled, idle, p50 / p99 ms",
                        idle.running().p50AndP99(),
                        "p50 under 15",
                        idle.running().millis(50) < 15),
                "| POST to COMPLETED, pooled, idle, p50 / p99 ms | "
                        + idle.completed().p50AndP99() + " | |",
                format(
                        "| POST to RUNNING, beside %.0f jobs/s, p50 / p99 ms | %s | |",
                        loadRate, loaded.running().p50AndP99()),
                format(
                        "| POST to COMPLETED, beside %.0f jobs/s, p50 / p99 ms | %s | |",
                        loadRate, loaded.completed().p50AndP99()),
                format(
                        "| Jobs run to their end, jobs/s, from the first post to the last end | %,.0f | |",
                        posts.jobsEndedPerSecond()),
                goal(
                        format("Subscribers of one job that got all %d events in order", fanOut.events()),
                        fanOut.complete() + " of " + fanOut.subscribers(),
                        "all",
                        fanOut.complete() == fanOut.subscribers()),
                format(
                        "| Event to subscriber, p50 / p99 ms (%,d deliveries; all connected in %.1f s) | %s | |",
                        fanOut.live().count(),
                        fanOut.connectSeconds(),
                        fanOut.live().p50AndP99()),
                goal("Start to first accepted job, s", format("%.1f", start), "under 5", start < 5),
                goal("Resident when idle, MB", format("%.0f", resident), "under 450", resident < 450),
                format("| Resident after all load / at most, MB | %.0f / %.0f | |", afterLoadMegabytes, peakMegabytes),
                goal(
                        format("%,d jobs posted at once", options.burst()),
                        format(
                                "%,d accepted in %.1f s, refused: %s, unclear: %d",
                                accepted,
                                burst.posts().seconds(),
                                burst.posts().others(),
                                burst.posts().unclear()),
                        "none unclear",
                        burst.posts().unclear() == 0),
                goal(
                        "... and how they ended",
                        format("%s after %.1f s", burst.ended(), burst.endedSeconds()),
                        "all ended",
                        allEnded));
    }

    private String notes() {
        return format(
                "(a) is `POST /jobs` of a gateway with all defaults: checked, in the job store and confirmed by the queue before the 202. "
                        + "**Dispatch runs at the same time**: the jobs accepted are run on Ray while more are posted. "
                        + "(b) sends the same message by the SDK's async sender to the same embedded broker with the same durability, "
                        + "inside its own process and under the same JVM options, answers 202, and does nothing else. "
                        + "Median of %d rounds in turns, each at most %d s or %,d posts, after a warm-up; the other server is idle meanwhile. "
                        + "Delays are those of a subscriber who opens the job's events when the post is answered.",
                options.rounds(), options.postTime().toSeconds(), options.maxPosts());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }
}
