package org.raygateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Measures everything in one run, prints a Markdown report and keeps it in {@code bench/results/DATE.md}. */
final class Bench {
    private static final Duration DRAIN = Duration.ofMinutes(10);
    private static final double HIGHEST_LOAD = 300;

    private Bench() {}

    public static void main(String[] arguments) {
        int code = 0;
        try {
            Options options = Options.parse(arguments);
            Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            Machine machine = Machine.here();
            if (options.postsOnly()) {
                System.out.println(Report.postTable(measurePosts(options).rows()));
            } else {
                Report report = measure(options, machine, started);
                System.out.println(report.markdown());
                save(options, report, started);
            }
        } catch (IllegalArgumentException usage) {
            System.err.println(usage.getMessage());
            code = 2;
        } catch (IOException | InterruptedException | IllegalStateException failure) {
            System.err.println("the benchmark failed:");
            failure.printStackTrace();
            code = 1;
        }
        System.exit(code);
    }

    private static PostComparison.Outcome measurePosts(Options options) throws IOException, InterruptedException {
        try (ServerProcess gateway = ServerProcess.gateway(options.home())) {
            StartUp.awaitFirstJob(gateway);
            try (LoadClient client = new LoadClient(gateway.port(), 2)) {
                return comparePosts(options, gateway, new Jobs(client));
            }
        }
    }

    private static PostComparison.Outcome comparePosts(Options options, ServerProcess gateway, Jobs jobs)
            throws IOException, InterruptedException {
        say("posts: gateway and bare handler in turns");
        try (ServerProcess bare = ServerProcess.bare(gateway)) {
            StartUp.awaitFirstJob(bare);
            return new PostComparison(options, gateway, bare, jobs).measure();
        }
    }

    private static Report measure(Options options, Machine machine, Instant started)
            throws IOException, InterruptedException {
        List<StartUp.Outcome> starts = new ArrayList<>();
        for (int i = 0; i < options.starts(); i++) {
            say("start-up " + (i + 1) + " of " + options.starts());
            starts.add(StartUp.measure(options.home()));
        }
        try (ServerProcess gateway = ServerProcess.gateway(options.home())) {
            StartUp.awaitFirstJob(gateway);
            try (LoadClient client = new LoadClient(gateway.port(), 2)) {
                return measure(options, machine, started, starts, gateway, new Jobs(client));
            }
        }
    }

    private static Report measure(
            Options options,
            Machine machine,
            Instant started,
            List<StartUp.Outcome> starts,
            ServerProcess gateway,
            Jobs jobs)
            throws IOException, InterruptedException {
        say("delay, idle");
        JobDelay.Outcome idle = JobDelay.idle(gateway.port(), options.delays());
        PostComparison.Outcome posts = comparePosts(options, gateway, jobs);
        double load = Math.min(HIGHEST_LOAD, posts.jobsEndedPerSecond() / 2);
        say("delay beside a load");
        JobDelay.Outcome loaded = JobDelay.under(gateway.port(), options.delays(), load);
        jobs.awaitAllEnded(DRAIN);
        say("fan-out");
        FanOut.Outcome fanOut = FanOut.measure(gateway.port(), options.subscribers());
        say("burst");
        Burst.Outcome burst = Burst.measure(gateway.port(), options.burst(), jobs);
        return new Report(
                machine,
                started,
                options,
                posts,
                idle,
                loaded,
                load,
                fanOut,
                starts,
                burst,
                gateway.residentMegabytes(),
                gateway.peakMegabytes());
    }

    private static void save(Options options, Report report, Instant started) throws IOException {
        if (options.quick()) {
            return;
        }
        Path results = Files.createDirectories(options.home().resolve("bench/results"));
        Path file = results.resolve(started.toString().substring(0, 10) + ".md");
        Files.writeString(file, report.markdown());
        say("written to " + options.home().relativize(file));
    }

    private static void say(String what) {
        System.err.println("bench: " + what);
    }
}
