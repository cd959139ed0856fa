package org.raygateway.store;

import org.raygateway.job.Job;
import org.raygateway.job.StatusEvent;

/** The answer to "start this job?". */
public sealed interface Claim {
    /**
     * Start it.
     *
     * @param job with the number of its attempt
     * @param event the event that was recorded; null where this attempt was dispatched before and never began
     */
    record Start(Job job, StatusEvent event) implements Claim {}

    /** It waits for its turn in this lane, durably. */
    record Waits(String lane) implements Claim {}

    /** It ended here and now (cancelled before it started, or out of attempts); the event that was recorded. */
    record Ended(Job job, StatusEvent event) implements Claim {}

    /** Nothing to do: it has ended, was started before, or was withdrawn. */
    record Skip() implements Claim {}

    /** The store knows no such job. */
    record Unknown() implements Claim {}
}
