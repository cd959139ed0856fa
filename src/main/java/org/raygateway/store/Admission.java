package org.raygateway.store;

import org.raygateway.job.Job;

/** What became of a {@link Submission}. */
public sealed interface Admission {
    /** Recorded as a new job. */
    record Admitted(Job job) implements Admission {}

    /**
     * The key was used before with the same request.
     *
     * @param job the earlier job
     * @param queued whether the earlier job's message is known to be in the queue; if not it must be sent (again)
     */
    record Repeated(Job job, boolean queued) implements Admission {}

    /** The key was used before with another request. */
    record KeyReused(String idempotencyKey) implements Admission {}
}
