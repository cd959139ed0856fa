package org.raygateway.ray.publish;

import org.raygateway.job.StatusEvent;

/**
 * A status event on its way to the topic.
 *
 * @param traceparent W3C Trace Context of the job, passed on as it came; empty where there is none
 */
public record StatusMessage(StatusEvent event, String traceparent) {
    /** Whether it is more than progress: the first of an attempt, or its last. */
    boolean isEssential() {
        return event.status().isTerminal() || event.sequence() <= 1;
    }
}
