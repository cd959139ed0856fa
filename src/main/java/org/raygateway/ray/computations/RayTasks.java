package org.raygateway.ray.computations;

import io.ray.api.ObjectRef;
import io.ray.api.Ray;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import org.raygateway.ray.Progress;

/** Runs the parts of a computation as Ray tasks, a bounded number at a time, and collects their results in order. */
final class RayTasks {
    private static final int LOOK_EVERY_MS = 50;
    private static final int LAST_PATIENCE_MS = 10_000;

    private RayTasks() {}

    /**
     * @param parts how many there are
     * @param atOnce how many may run at one time
     * @param start starts the task of a part
     * @return the parts' results, in order
     */
    static <T> List<T> runAll(int parts, int atOnce, IntFunction<ObjectRef<T>> start, Progress progress) {
        Deque<ObjectRef<T>> running = new ArrayDeque<>();
        List<T> results = new ArrayList<>(parts);
        try {
            for (int next = 0; results.size() < parts; ) {
                while (next < parts && running.size() < atOnce) {
                    running.addLast(start.apply(next++));
                }
                results.add(awaitResult(running.peekFirst(), progress));
                free(running.removeFirst());
                progress.report(100 * results.size() / parts, null);
            }
            return results;
        } finally {
            awaitAndFree(running);
        }
    }

    private static <T> T awaitResult(ObjectRef<T> task, Progress progress) {
        do {
            progress.throwIfCancelled();
        } while (Ray.wait(List.of(task), 1, LOOK_EVERY_MS).getReady().isEmpty());
        return task.get();
    }

    /** After a failure or a cancel: tasks cannot be taken back, but what they return must not stay. */
    private static <T> void awaitAndFree(Deque<ObjectRef<T>> running) {
        if (!running.isEmpty()) {
            Ray.wait(List.copyOf(running), running.size(), LAST_PATIENCE_MS);
            running.forEach(RayTasks::free);
        }
    }

    private static void free(ObjectRef<?> ref) {
        Ray.internal().free(List.of(ref), false);
    }
}
