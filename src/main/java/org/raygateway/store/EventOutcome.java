package org.raygateway.store;

/** What a status event led to. */
public enum EventOutcome {
    /** It changed its job. */
    APPLIED,
    /** Late, repeated, of an older attempt, or of a job that has ended: it changes nothing, and nothing is wrong with it. */
    STALE,
    /** There is no such job. */
    UNKNOWN_JOB,
    /** It speaks of an attempt that was never dispatched. A dispatch is durable before Ray hears of it, so no actor of ours says that. */
    NEVER_DISPATCHED
}
