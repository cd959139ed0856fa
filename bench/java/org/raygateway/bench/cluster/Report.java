package org.raygateway.bench.cluster;

import static org.raygateway.bench.Markdown.format;
import static org.raygateway.bench.Markdown.goal;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.raygateway.bench.Burst;
import org.raygateway.bench.Machine;

/**
 * Everything measured, as Markdown.
 *
 * @param ways pooled jobs by each way to the driver, Envoy first
 */
record Report(
        Machine machine,
        Instant started,
        Size size,
        List<Way.Pooled> ways,
        JobsApi.Outcome jobsApi,
        Dedicated.Outcome java,
        Dedicated.Outcome python) {

    String markdown() {
        return String.join("\n\n", heading(), pooledTable(), dedicatedTable(), goalTable(), notes()) + "\n";
    }

    String date() {
        return started.toString().substring(0, 10);
    }

    private String heading() {
        return format(
                "# Benchmark on a Ray cluster of %s%s\n\n%d cores (%s), %,d MB memory, %s, %s; load average before the start %.1f. "
                        + "Client, gateway, broker, Consul, proxies, driver, and Ray 2.39.0 (a head, and a worker with %d CPUs) share the machine.",
                date(),
                size.quick() ? " (quick)" : "",
                machine.cores(),
                machine.processor(),
                machine.memoryMegabytes(),
                machine.java(),
                machine.system(),
                machine.load(),
                size.cpus());
    }

    private String pooledTable() {
        return format(
                        "| pooled jobs, gateway to driver by | POST to RUNNING, idle, p50 / p99 ms | POST to COMPLETED, idle, p50 / p99 ms | jobs/s, %,d at once |\n|---|---|---|---|\n",
                        size.pooled())
                + ways.stream()
                        .map(way -> format(
                                "| %s | %s | %s | %,.0f%s |",
                                way.name(),
                                way.delay().running().p50AndP99(),
                                way.delay().completed().p50AndP99(),
                                perSecond(way.burst()),
                                failures(way.burst())))
                        .collect(Collectors.joining("\n"));
    }

    private String dedicatedTable() {
        return "| dedicated jobs, through Envoy | POST to RUNNING, idle, p50 / p99 ms | POST to COMPLETED, idle, p50 / p99 ms | jobs/s |\n|---|---|---|---|\n"
                + List.of(java, python).stream()
                        .map(jobs -> format(
                                "| %s | %s | %s | %.2f, %d at once%s |",
                                jobs.language(),
                                jobs.delay().running().p50AndP99(),
                                jobs.delay().completed().p50AndP99(),
                                perSecond(jobs.burst()),
                                jobs.burst().posts().ids().size(),
                                failures(jobs.burst())))
                        .collect(Collectors.joining("\n"));
    }

    private String goalTable() {
        Way.Pooled envoy = ways.get(0);
        double running = envoy.delay().running().millis(50);
        double times = perSecond(envoy.burst()) / jobsApi.perSecond();
        return String.join(
                "\n",
                "| what | measured | goal |\n|---|---|---|",
                goal(
                        "POST to RUNNING, pooled, idle, through Envoy, p50 ms",
                        format("%.1f", running),
                        "under 25",
                        running < 25),
                format(
                        "| Ray's own Jobs API, entrypoint `true`, %d jobs, %d at once: jobs/s | %.2f, ended %s | |",
                        jobsApi.jobs(), jobsApi.atOnce(), jobsApi.perSecond(), jobsApi.ended()),
                format(
                        "| ... its POST to SUCCEEDED, p50 / p99 ms | %s | |",
                        jobsApi.succeeded().p50AndP99()),
                goal(
                        "Pooled jobs/s through Envoy to jobs/s of the Jobs API",
                        format("%,.0f times", times),
                        "at least 100",
                        times >= 100),
                goal(
                        format("%d dedicated jobs (Python) posted at once", size.python()),
                        format(
                                "%s after %.0f s",
                                python.burst().ended(), python.burst().endedSeconds()),
                        "all ended",
                        python.allCompleted(size.python())),
                goal(
                        "... actors alive at one time, at most",
                        format("%d", python.most().actors()),
                        format("at most the worker's %d CPUs", size.cpus()),
                        python.most().actors() > 0 && python.most().actors() <= size.cpus()),
                format(
                        "| ... memory of all Ray processes at most, MB (%d processes at most) | %,.0f | |",
                        python.most().processes(), python.most().megabytes()));
    }

    private String notes() {
        return format(
                "Delays are those of a subscriber who opens the job's events when the post is answered, %d pooled jobs and %d dedicated ones, "
                        + "one after the other. Jobs/s count from the first post to the last end, for pooled jobs after a burst of the same size that is not counted. "
                        + "Pooled: `monte_carlo`, 1,000 iterations; dedicated: `epidemic` (Java), `heat_equation` (Python), their smallest. "
                        + "Envoy with rules by method, built-in proxy with rules by service, and no mesh at all take turns before the same "
                        + "driver and Ray head, each with a new gateway with defaults. Jobs API: at Ray's dashboard on the same head, asked each 50 ms. Memory is "
                        + "the sum of VmRSS of head, worker and their children, %d looks; what processes share counts for each.",
                size.delays(), size.dedicated(), python.most().looks());
    }

    private static double perSecond(Burst.Outcome burst) {
        return burst.ended().getOrDefault("COMPLETED", 0) / burst.endedSeconds();
    }

    /** Nothing where every post was accepted and every job completed. */
    private static String failures(Burst.Outcome burst) {
        boolean all = burst.posts().others().isEmpty() && burst.ended().keySet().equals(Set.of("COMPLETED"));
        return all ? "" : " (refused: " + burst.posts().others() + ", ended: " + burst.ended() + ")";
    }
}
