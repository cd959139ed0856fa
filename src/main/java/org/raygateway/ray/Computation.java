package org.raygateway.ray;

import java.util.Map;

/**
 * A computation that callers may start by its name in the catalogue. Implementations are public, have a public
 * constructor without arguments, and need to know nothing of Ray:
 *
 * <pre>{@code
 * public final class Halve implements Computation {
 *     public Map<String, Object> run(Parameters parameters, Progress progress) {
 *         double number = parameters.decimal("number", -1e9, 1e9);
 *         progress.report(50, "half way");
 *         return Map.of("half", number / 2);
 *     }
 * }
 * }</pre>
 *
 * <p>A dedicated computation gets a new instance for each job. A pooled one keeps its instance, one job at a time: what
 * it holds in fields stays warm, and must not let one job see another's data.
 */
@FunctionalInterface
public interface Computation {
    /**
     * Runs one job. Long loops call {@link Progress#throwIfCancelled()} or look at {@link Progress#cancelled()} at least a
     * few times a second, else a cancel or a timeout ends them by force.
     *
     * @return the result, written as a JSON object of at most 248 KiB. It may hold texts, finite numbers, truth values, null, lists,
     *     arrays, maps with texts as keys, and records. All else fails the job and tells the caller what stood where
     * @throws ComputationException to tell the caller why it failed; any other exception is shown as a general message,
     *     with the details in the log
     */
    Map<String, Object> run(Parameters parameters, Progress progress) throws Exception;
}
