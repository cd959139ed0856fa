package org.raygateway.bench.cluster;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Map;
import org.raygateway.bench.Burst;
import org.raygateway.bench.JobDelay;
import org.raygateway.bench.LoadClient;

/** Jobs with an actor each: one after the other, then many at once while Ray's processes are watched. */
final class Dedicated {
    private static final Buffer JAVA = LoadClient.job("epidemic", Map.of("runs", 1));
    private static final Buffer PYTHON = LoadClient.job("heat_equation", Map.of("points", 8, "steps", 1));

    /** What came of one language. */
    record Outcome(String language, JobDelay.Outcome delay, Burst.Outcome burst, RayProcesses.Most most) {
        boolean allCompleted(int count) {
            return burst.ended().equals(Map.of("COMPLETED", count));
        }
    }

    private final Way way;
    private final Ray ray;
    private final int delays;

    Dedicated(Way way, Ray ray, int delays) {
        this.way = way;
        this.ray = ray;
        this.delays = delays;
    }

    Outcome java(int count) throws IOException, InterruptedException {
        return measure("Java", JAVA, count);
    }

    Outcome python(int count) throws IOException, InterruptedException {
        return measure("Python", PYTHON, count);
    }

    private Outcome measure(String language, Buffer job, int count) throws IOException, InterruptedException {
        JobDelay.Outcome delay = JobDelay.idle(way.port(), delays, 1, job);
        try (RayProcesses processes = new RayProcesses(ray.sessions())) {
            Burst.Outcome burst = Burst.measure(way.port(), count, job, ClusterBench.LIMIT, way.jobs());
            return new Outcome(language, delay, burst, processes.most());
        }
    }
}
