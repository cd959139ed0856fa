package org.raygateway.dispatch;

/**
 * How an attempt was received by the driver.
 *
 * @param reason why it was not started; empty where it was
 */
public record Handover(Attempt attempt, Outcome outcome, String reason) {
    /** What the driver did with it. */
    public enum Outcome {
        STARTED,
        /** It had no place; the attempt has not begun. */
        BUSY,
        /** It will never run. */
        REJECTED
    }
}
