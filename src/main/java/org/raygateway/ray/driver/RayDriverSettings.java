package org.raygateway.ray.driver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How the driver runs executions.
 *
 * @param mode where Ray runs
 * @param namespace Ray namespace of the actors, so that their names mean the same for every driver
 * @param classPath jars with computations besides this build's own; of the same path on every node
 * @param poolSize warm actors kept for each pooled computation, at least 1
 * @param maxActive executions at one time, at least 1; those that would not stop count until they do
 * @param takenAhead executions of each pooled computation that wait here for a warm actor, so that none of its actors waits for work
 * @param progressInterval least time between two progress events of an execution
 * @param cluster which cluster, in that mode; else null
 * @param beginnings file that remembers which executions began, for the next driver; null for none
 */
public record RayDriverSettings(
        RayMode mode,
        String namespace,
        List<Path> classPath,
        int poolSize,
        int maxActive,
        int takenAhead,
        Duration progressInterval,
        RayClusterSettings cluster,
        Path beginnings) {

    public RayDriverSettings {
        classPath = List.copyOf(classPath);
        requireAtLeast("pool size", poolSize, 1);
        requireAtLeast("maximum of active executions", maxActive, 1);
        requireAtLeast("executions taken ahead", takenAhead, 0);
        if (progressInterval.isNegative()) {
            throw new IllegalArgumentException("progress interval must not be negative, got " + progressInterval);
        }
    }

    /** Defaults: 256 active, 32 of each pooled computation ahead, a progress event each 100 ms, twice as many warm actors as processors. */
    public static RayDriverSettings defaults(RayMode mode) {
        int poolSize = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
        return new RayDriverSettings(
                mode, "raygateway", List.of(), poolSize, 256, 32, Duration.ofMillis(100), null, null);
    }

    public RayDriverSettings withClassPath(List<Path> jars) {
        return new RayDriverSettings(
                mode, namespace, jars, poolSize, maxActive, takenAhead, progressInterval, cluster, beginnings);
    }

    public RayDriverSettings withPoolSize(int size) {
        return new RayDriverSettings(
                mode, namespace, classPath, size, maxActive, takenAhead, progressInterval, cluster, beginnings);
    }

    public RayDriverSettings withMaxActive(int maximum) {
        return new RayDriverSettings(
                mode, namespace, classPath, poolSize, maximum, takenAhead, progressInterval, cluster, beginnings);
    }

    public RayDriverSettings withBeginnings(Path file) {
        return new RayDriverSettings(
                mode, namespace, classPath, poolSize, maxActive, takenAhead, progressInterval, cluster, file);
    }

    /** In a cluster, with the defaults' executions taken ahead and progress interval. */
    public RayDriverSettings inCluster(String clusterNamespace, RayClusterSettings where) {
        return new RayDriverSettings(
                RayMode.CLUSTER,
                clusterNamespace,
                classPath,
                poolSize,
                maxActive,
                takenAhead,
                progressInterval,
                where,
                beginnings);
    }

    private static void requireAtLeast(String what, int value, int minimum) {
        if (value < minimum) {
            throw new IllegalArgumentException(what + " must be at least " + minimum + ", got " + value);
        }
    }
}
