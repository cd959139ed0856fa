package org.raygateway.job;

import java.time.Instant;

/**
 * A job as it stands now. Its result is kept apart, since it may be large.
 *
 * @param simulationType name of a computation in the catalogue
 * @param parameters JSON object text, defaults of the schema filled in
 * @param progress percent; see {@link StatusEvent#progress()}
 * @param attempt number of the newest dispatch; 0 before the first
 * @param sequence sequence of the newest event within that attempt
 * @param requester who submitted it
 * @param traceparent W3C trace context of the submission
 * @param message the newest event's line for a person, or null
 * @param cancelRequested whether someone asked to cancel it
 */
public record Job(
        JobId id,
        String simulationType,
        String parameters,
        JobStatus status,
        int progress,
        int attempt,
        long sequence,
        String requester,
        String traceparent,
        Instant submittedAt,
        Instant updatedAt,
        String message,
        boolean cancelRequested) {

    public EventPosition position() {
        return new EventPosition(attempt, sequence);
    }
}
