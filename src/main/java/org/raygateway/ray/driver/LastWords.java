package org.raygateway.ray.driver;

import java.time.Instant;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.ray.actor.Assignment;
import org.raygateway.ray.actor.TimedOut;

/** Terminal events that the driver writes for an actor that does not. */
final class LastWords {
    private LastWords() {}

    /** For an execution that has not begun. */
    static StatusEvent cancelled(Assignment assignment) {
        return event(assignment, JobStatus.CANCELLED, "cancelled before it began");
    }

    /** @param cause only its type is told, since its text may hold anything */
    static StatusEvent failed(Assignment assignment, RuntimeException cause) {
        return event(
                assignment,
                JobStatus.FAILED,
                "the actor failed: " + cause.getClass().getSimpleName());
    }

    /** For an execution that did not end within the grace time, or was cancelled before it began. */
    static StatusEvent forced(Run run) {
        if (run.cancelRequested && run.state != Run.State.RUNNING) {
            return cancelled(run.assignment);
        }
        if (run.cancelRequested) {
            return event(
                    run.assignment,
                    JobStatus.CANCELLED,
                    "cancelled; it did not stop when asked and was ended by force");
        }
        String timedOut = TimedOut.message(run.assignment);
        return event(
                run.assignment, JobStatus.FAILED, timedOut + "; it did not stop when asked and was ended by force");
    }

    private static StatusEvent event(Assignment assignment, JobStatus status, String message) {
        return new StatusEvent(
                assignment.jobId(),
                status,
                StatusEvent.NO_PROGRESS,
                assignment.attempt(),
                StatusEvent.LAST_WORD,
                message,
                null,
                Instant.now());
    }
}
