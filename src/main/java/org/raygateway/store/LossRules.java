package org.raygateway.store;

import java.util.function.ToIntFunction;

/**
 * What becomes of jobs whose attempts were lost.
 *
 * @param maxAttempts attempts that a computation's jobs may have, by its name; called while the store is locked, so it must not wait
 * @param oneProcess whether all jobs run in one process: one of those that ran when it died may have killed it, so they
 *     start again one at a time, in the lane {@link #ALONE}
 */
public record LossRules(ToIntFunction<String> maxAttempts, boolean oneProcess) {
    /** Lane of jobs of any computation that are started one after the other. No computation can have this name. */
    public static final String ALONE = "(alone)";
}
