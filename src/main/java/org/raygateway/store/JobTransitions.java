package org.raygateway.store;

import java.time.Instant;
import org.raygateway.job.EventPosition;
import org.raygateway.job.Job;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

/** What may happen to a job next. Plain decisions, the same for every store; a store makes them atomic and durable. */
final class JobTransitions {
    /** So many attempts of which nothing was ever heard are spared; whatever goes on losing them then ends. */
    private static final int MOST_UNCLEAR = 100;

    private JobTransitions() {}

    /** @param again whether its attempt never began, so that the number is used once more */
    static Claim claim(Job job, boolean again, Instant now) {
        if (job.status().isTerminal()) {
            return new Claim.Skip();
        }
        if (job.cancelRequested()) {
            return cancelledBetween(job, now);
        }
        if (again && isUnheardOf(job)) {
            return new Claim.Start(job, null);
        }
        StatusEvent event = new StatusEvent(job.id(), JobStatus.DISPATCHED, 0, job.attempt() + 1, 0, null, null, now);
        return new Claim.Start(after(job, event, now), event);
    }

    /** Where a lost attempt leaves its job. */
    sealed interface Aftermath {
        record Ends(Claim.Ended ended) implements Aftermath {}

        /**
         * @param turn order within the lane
         * @param again whether the number is used once more
         * @param spared attempts that do not count
         * @param message for a person; null leaves the one there is
         */
        record WaitsAgain(String lane, Instant turn, boolean again, int spared, String message) implements Aftermath {}
    }

    static Aftermath lost(Job job, int spared, Fate told, LossRules rules, Instant now) {
        if (job.cancelRequested()) {
            return new Aftermath.Ends(cancelledBetween(job, now));
        }
        Fate fate = judge(job, spared, told);
        boolean sparesOne = fate == Fate.INTERRUPTED || fate == Fate.UNCLEAR;
        boolean again = fate == Fate.NOT_BEGUN;
        int nowSpared = spared + (sparesOne ? 1 : 0);
        int counted = job.attempt() - nowSpared - (again ? 1 : 0);
        if (fate == Fate.BEGUN && counted >= rules.maxAttempts().applyAsInt(job.simulationType())) {
            String message = "Gave up after " + counted + (counted == 1 ? " attempt." : " attempts.");
            StatusEvent event = ending(job, JobStatus.FAILED, message, now);
            return new Aftermath.Ends(new Claim.Ended(after(job, event, now), event));
        }
        boolean alone = rules.oneProcess() && counted > 0;
        // What may have killed its process goes to the end of the line, everything else back to its place.
        Instant turn = counted > 0 ? now : job.submittedAt();
        String lane = alone ? LossRules.ALONE : job.simulationType();
        return new Aftermath.WaitsAgain(lane, turn, again, nowSpared, whatHappened(job, fate, alone));
    }

    private static String whatHappened(Job job, Fate fate, boolean alone) {
        String what =
                switch (fate) {
                    case NOT_BEGUN -> "had not begun";
                    case INTERRUPTED -> "was interrupted by a restart";
                    default -> "was lost";
                };
        return "Attempt " + job.attempt() + " " + what + "; waits for its turn to start again"
                + (alone ? ", apart from other jobs that ran when their process died." : ".");
    }

    private static Fate judge(Job job, int spared, Fate told) {
        if (!isUnheardOf(job) && told != Fate.INTERRUPTED) {
            return Fate.BEGUN;
        }
        return told == Fate.UNCLEAR && spared >= MOST_UNCLEAR ? Fate.BEGUN : told;
    }

    /** Nothing was heard of its attempt: RUNNING is the first that an actor says. */
    private static boolean isUnheardOf(Job job) {
        return job.status() == JobStatus.DISPATCHED && job.sequence() == 0;
    }

    private static Claim.Ended cancelledBetween(Job job, Instant now) {
        StatusEvent event =
                ending(job, JobStatus.CANCELLED, "Cancelled before attempt " + (job.attempt() + 1) + ".", now);
        return new Claim.Ended(after(job, event, now), event);
    }

    /** @param waits whether it waits for its turn, so that nothing of it can run */
    static Cancellation cancel(Job job, boolean waits, Instant now) {
        if (job.status().isTerminal()) {
            return new Cancellation.TooLate(job);
        }
        Job asked = withCancelRequested(job);
        if (job.status() != JobStatus.SUBMITTED && !waits) {
            return new Cancellation.Requested(asked);
        }
        String message = job.status() == JobStatus.SUBMITTED
                ? "Cancelled before it started."
                : "Cancelled while it waited to be started again.";
        StatusEvent event = ending(job, JobStatus.CANCELLED, message, now);
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
}
