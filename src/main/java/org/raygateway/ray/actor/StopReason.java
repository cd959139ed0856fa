package org.raygateway.ray.actor;

/** Why an execution is asked to stop. */
public enum StopReason {
    /** Someone cancelled the job: it ends CANCELLED. */
    CANCELLED,
    /** Nobody waits for this attempt any more, or the driver has had the last word: it ends silently. */
    ABANDONED
}
