package org.raygateway.dispatch;

/**
 * How an attempt was received by the driver.
 *
 * @param rejection why it will never run, or null where it was started
 */
public record Handover(Attempt attempt, String rejection) {
    public boolean isRejected() {
        return rejection != null;
    }
}
