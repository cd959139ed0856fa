package org.raygateway.store;

import org.raygateway.job.Job;
import org.raygateway.job.StatusEvent;

/** The answer to "start this job?". */
public sealed interface Claim {
    /** Start it: the job with its new attempt number, and the event that was recorded. */
    record Start(Job job, StatusEvent event) implements Claim {}

    /** It ended here and now (cancelled before it started, or out of attempts); the event that was recorded. */
    record Ended(Job job, StatusEvent event) implements Claim {}

    /** Nothing to do: it has ended already or was withdrawn. */
    record Skip() implements Claim {}

    /** The store knows no such job. */
    record Unknown() implements Claim {}
}
