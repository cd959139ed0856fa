package org.raygateway.store;

import org.raygateway.job.Job;
import org.raygateway.job.StatusEvent;

/** What became of a request to cancel. */
public sealed interface Cancellation {
    /** It had not started and is CANCELLED now; the event that was recorded. */
    record Done(Job job, StatusEvent event) implements Cancellation {}

    /** It has been dispatched: the driver is to be told. Also the answer to asking again. */
    record Requested(Job job) implements Cancellation {}

    /** It had ended before. */
    record TooLate(Job job) implements Cancellation {}

    record Unknown() implements Cancellation {}
}
