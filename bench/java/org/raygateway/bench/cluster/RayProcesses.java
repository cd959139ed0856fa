package org.raygateway.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at all processes of the Ray nodes twice a second, by Linux's proc(5), and keeps the most it saw. */
final class RayProcesses implements AutoCloseable {
    private static final long PERIOD_MILLIS = 500;
    private static final int SESSION = 3;

    /**
     * The most at one time.
     *
     * @param actors processes that hold one
     * @param megabytes (10^6 bytes) resident in all processes together; what they share counts for each
     */
    record Most(int looks, int actors, int processes, double megabytes) {}

    private final Set<Long> sessions;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private Most most = new Most(0, 0, 0, 0);

    /** @param sessions of the nodes */
    RayProcesses(Set<Long> sessions) {
        this.sessions = sessions;
        clock.scheduleAtFixedRate(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    synchronized Most most() {
        return most;
    }

    private synchronized void look() {
        List<Path> processes = ProcessHandle.allProcesses()
                .map(process -> Path.of("/proc", Long.toString(process.pid())))
                .filter(process -> sessions.contains(session(process)))
                .toList();
        int actors = (int) processes.stream().filter(RayProcesses::holdsActor).count();
        double megabytes =
                processes.stream().mapToDouble(RayProcesses::residentMegabytes).sum();
        most = new Most(
                most.looks + 1,
                Math.max(most.actors, actors),
                Math.max(most.processes, processes.size()),
                Math.max(most.megabytes, megabytes));
    }

    private static long session(Path process) {
        String stat = read(process.resolve("stat"));
        return stat.isEmpty()
                ? -1
                : Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[SESSION]);
    }

    /** Python workers are named for what they hold, and `ray::IDLE` without. Java workers are started for an actor. */
    private static boolean holdsActor(Path process) {
        String command = read(process.resolve("cmdline"));
        return command.startsWith("ray::ComputationActor")
                || command.contains("DefaultWorker") && command.split("\0")[0].endsWith("java");
    }

    private static double residentMegabytes(Path process) {
        return read(process.resolve("status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) * 1024 / 1e6)
                .sum();
    }

    /** Empty where the process has ended. */
    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException ended) {
            return "";
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
