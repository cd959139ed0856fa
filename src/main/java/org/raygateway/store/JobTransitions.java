package org.raygateway.store;

import java.time.Instant;
import org.raygateway.job.EventPosition;
import org.raygateway.job.Job;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

/** What may happen to a job next. Plain decisions, the same for every store; a store makes them atomic and durable. */
final class JobTransitions {
    private JobTransitions() {}

    static Claim claim(Job job, int maxAttempts, Instant now) {
        if (job.status().isTerminal()) {
            return new Claim.Skip();
        }
        if (job.cancelRequested()) {
            StatusEvent event = ending(job, JobStatus.CANCELLED, "Cancelled before attempt " + next(job) + ".", now);
            return new Claim.Ended(after(job, event, now), event);
        }
        if (job.attempt() >= maxAttempts) {
            String message = "Gave up after " + job.attempt() + (job.attempt() == 1 ? " attempt." : " attempts.");
            StatusEvent event = ending(job, JobStatus.FAILED, message, now);
            return new Claim.Ended(after(job, event, now), event);
        }
        StatusEvent event = new StatusEvent(job.id(), JobStatus.DISPATCHED, 0, next(job), 0, null, null, now);
        return new Claim.Start(after(job, event, now), event);
    }

    static Cancellation cancel(Job job, Instant now) {
        if (job.status().isTerminal()) {
            return new Cancellation.TooLate(job);
        }
        Job asked = withCancelRequested(job);
        if (job.status() != JobStatus.SUBMITTED) {
            return new Cancellation.Requested(asked);
        }
        StatusEvent event = ending(job, JobStatus.CANCELLED, "Cancelled before it started.", now);
        return new Cancellation.Done(after(asked, event, now), event);
    }

    /** What an event leads to for a job that stands at this status and position. */
    static EventOutcome outcome(JobStatus status, EventPosition position, StatusEvent event) {
        if (event.attempt() > position.attempt()) {
            return EventOutcome.NEVER_DISPATCHED;
        }
        return !status.isTerminal() && event.position().isAfter(position) ? EventOutcome.APPLIED : EventOutcome.STALE;
    }

    /** The job as an event leaves it. Heard of now, by the store's clock: an actor's may be wrong. */
    private static Job after(Job job, StatusEvent event, Instant now) {
        return new Job(
                job.id(),
                job.simulationType(),
                job.parameters(),
                event.status(),
                event.progress(),
                event.attempt(),
                event.sequence(),
                job.requester(),
                job.traceparent(),
                job.submittedAt(),
                now,
                event.message(),
                job.cancelRequested());
    }

    private static Job withCancelRequested(Job job) {
        return new Job(
                job.id(),
                job.simulationType(),
                job.parameters(),
                job.status(),
                job.progress(),
                job.attempt(),
                job.sequence(),
                job.requester(),
                job.traceparent(),
                job.submittedAt(),
                job.updatedAt(),
                job.message(),
                true);
    }

    private static StatusEvent ending(Job job, JobStatus status, String message, Instant now) {
        return new StatusEvent(
                job.id(), status, StatusEvent.NO_PROGRESS, job.attempt(), StatusEvent.LAST_WORD, message, null, now);
    }

    private static int next(Job job) {
        return job.attempt() + 1;
    }
}
