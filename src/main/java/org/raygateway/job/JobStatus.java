package org.raygateway.job;

/** Where a job stands: {@code SUBMITTED → DISPATCHED → RUNNING → COMPLETED | FAILED | CANCELLED}. Terminal is final. */
public enum JobStatus {
    /** Accepted and durable in the queue. */
    SUBMITTED,
    /** Handed to the driver as a numbered attempt. */
    DISPATCHED,
    /** Its actor has said so. */
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED;

    public boolean isTerminal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
