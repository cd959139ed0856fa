package org.raygateway.job;

import java.time.Instant;

/**
 * What is said about a job at one position of its history: the content of a status message and of an SSE event.
 *
 * @param progress percent: RUNNING 0-99, COMPLETED 100, FAILED and CANCELLED -1, before that 0
 * @param sequence rises within an attempt; see {@link EventPosition}
 * @param message one line for a person, at most {@link #MAX_MESSAGE} characters (the rest is cut off; a control character becomes
 *     a space), or null
 * @param result the result as JSON text, COMPLETED only, else null
 */
public record StatusEvent(
        JobId jobId,
        JobStatus status,
        int progress,
        int attempt,
        long sequence,
        String message,
        String result,
        Instant occurredAt) {
    /** Sequence of a terminal event written on behalf of an actor (by driver or gateway): after all of the actor's own. */
    public static final long LAST_WORD = 1_000_000_000_000L;

    /** Progress of a job that ended without a result. */
    public static final int NO_PROGRESS = -1;

    /** Longest message, in characters: an event has to fit into a Service Bus message whatever a computation says. */
    public static final int MAX_MESSAGE = 1000;

    /** Largest result, in bytes of JSON: the event around it has to fit into a message of 1 MB. */
    public static final int MAX_RESULT_BYTES = 900_000;

    /** Makes the message one line. */
    public StatusEvent {
        if (message != null) {
            message = MessageLine.of(message);
        }
    }

    public EventPosition position() {
        return new EventPosition(attempt, sequence);
    }
}
