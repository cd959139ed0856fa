package org.raygateway.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.raygateway.bench.Machine;

/** Measures a gateway before a real Ray cluster in one run, prints a report and keeps it in {@code bench/results/cluster-DATE.md}. */
final class ClusterBench {
    /** The longest that one burst of jobs may take to end. */
    static final Duration LIMIT = Duration.ofMinutes(5);

    private static final Duration TAKE_DOWN = Duration.ofSeconds(90);

    private ClusterBench() {}

    public static void main(String[] arguments) {
        stopWhenTold(Thread.currentThread());
        int code = 0;
        try {
            Size size = Size.parse(arguments);
            Path home = Path.of(System.getProperty("gateway.home")).toAbsolutePath();
            Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            Machine machine = Machine.here();
            try (Site site = Site.make(home)) {
                Report report = measure(site, size, machine, started);
                System.out.println(report.markdown());
                save(home, report);
            }
        } catch (IllegalArgumentException usage) {
            System.err.println(usage.getMessage());
            code = 2;
        } catch (IOException | InterruptedException | IllegalStateException failure) {
            System.err.println("the benchmark failed:");
            failure.printStackTrace();
            code = 1;
        }
        // Everything is closed, and who waits for that at the exit would wait for this thread.
        Runtime.getRuntime().halt(code);
    }

    /** A signal interrupts the measurement, which takes down what it has started, in order. */
    private static void stopWhenTold(Thread measurement) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            measurement.interrupt();
            try {
                measurement.join(TAKE_DOWN.toMillis());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    /**
     * The driver stays the same throughout; gateways and proxies take turns, so that nothing else runs beside them. Envoy comes
     * first, so that a driver which gets warmer favours the others.
     */
    private static Report measure(Site site, Size size, Machine machine, Instant started)
            throws IOException, InterruptedException {
        say("starting Ray and its driver");
        try (Ray ray = Ray.start(site, size.cpus())) {
            Way.Pooled envoy;
            Dedicated.Outcome java;
            Dedicated.Outcome python;
            try (Mesh mesh = start(site, "envoy");
                    Way way = Way.open(site, "Envoy", mesh.upstream())) {
                say("pooled jobs, Envoy");
                envoy = way.measurePooled(size);
                Dedicated dedicated = new Dedicated(way, ray, size.dedicated());
                say("dedicated jobs, Java");
                java = dedicated.java(size.java());
                say("dedicated jobs, Python");
                python = dedicated.python(size.python());
            }
            Way.Pooled builtin;
            try (Mesh mesh = start(site, "builtin")) {
                builtin = pooled(site, size, "Consul's built-in proxy", mesh.upstream());
            }
            Way.Pooled none = pooled(site, size, "no mesh", site.port("MESH_DRIVER_PORT"));
            say("Ray's Jobs API");
            JobsApi.Outcome jobsApi = JobsApi.measure(site.port("HEAD_DASHBOARD_PORT"), size.jobsApi(), size.atOnce());
            return new Report(machine, started, size, List.of(envoy, builtin, none), jobsApi, java, python);
        }
    }

    private static Mesh start(Site site, String proxy) throws IOException, InterruptedException {
        say("starting Consul and its sidecars, " + proxy);
        return Mesh.start(site, proxy);
    }

    private static Way.Pooled pooled(Site site, Size size, String name, int driverPort)
            throws IOException, InterruptedException {
        say("pooled jobs, " + name);
        try (Way way = Way.open(site, name, driverPort)) {
            return way.measurePooled(size);
        }
    }

    private static void save(Path home, Report report) throws IOException {
        if (report.size().quick()) {
            return;
        }
        Path results = Files.createDirectories(home.resolve("bench/results"));
        Path file = results.resolve("cluster-" + report.date() + ".md");
        Files.writeString(file, report.markdown());
        say("written to " + home.relativize(file));
    }

    private static void say(String what) {
        System.err.printf("bench, %s: %s%n", LocalTime.now().truncatedTo(ChronoUnit.SECONDS), what);
    }
}
