package org.raygateway.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.raygateway.job.EventPosition;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.StatusEvent;

/**
 * Keeps jobs, their events, their results and the idempotency keys of their callers. Every method that changes something has
 * made it durable when it returns, except where it says otherwise. Safe for use by many threads; a store may join the changes of several callers in one commit.
 * Failures of the storage itself surface as {@link StoreException}.
 */
public interface JobStore extends AutoCloseable {
    /** How long a change may wait for another to share its commit, where its caller does not wait for it. */
    Duration SOON = Duration.ofMillis(250);

    /**
     * Records new jobs as SUBMITTED and not yet queued, all or none. Where a submission's idempotency key is known, nothing is
     * added for it and its answer tells of the earlier job. Two submissions with one key in the same list count as first and
     * repetition.
     *
     * @return one answer for each submission, in order
     */
    List<Admission> admit(List<Submission> submissions);

    /**
     * Notes that the broker has confirmed these jobs' messages. One that was withdrawn meanwhile comes back, unconfirmed, so
     * that it is sent again: two callers with one idempotency key may have sent it, and only one of them was refused.
     */
    void confirmQueued(List<JobId> ids);

    /**
     * {@link #confirmQueued} without waiting: done with the next change or within {@link #SOON}, and logged where it fails. Spares
     * the way in a sync of the disk. What a crash takes away only makes a message be sent once more.
     */
    void confirmQueuedSoon(List<JobId> ids);

    /**
     * Takes back jobs that were refused after {@link #admit}: they disappear from every look-up, their idempotency keys are free
     * again, and {@link #take} answers {@link Claim.Skip} for them should a message turn up all the same. Jobs whose message is
     * known to be in the queue (confirmed or taken over) stay: another caller with the same key was promised them.
     */
    void withdraw(List<JobId> ids);

    Optional<Job> find(JobId id);

    /** The result as JSON text; empty unless COMPLETED. */
    Optional<String> result(JobId id);

    /** Newest first. */
    JobPage list(JobQuery query);

    /**
     * Takes over jobs whose message has come out of the queue: from here on they wait in the store. Those there is room for start at
     * once, as DISPATCHED in attempt 1 with an event at {@code (1, 0)}; the others wait for their turn in the lane of their
     * computation. A job that is not SUBMITTED any more, or waits already, is passed over ({@link Claim.Skip}).
     *
     * @param room how many may start, by computation; none where it has no entry
     * @return one answer for each id, in order
     */
    List<Claim> take(List<JobId> ids, Map<String, Integer> room);

    /**
     * Starts those whose turn it is in a lane: as DISPATCHED in their next attempt, with an event at {@code (attempt, 0)}, or, where
     * the last one never began, in that one without an event. A job whose cancellation was asked for becomes CANCELLED instead.
     *
     * @return at most {@code limit}, each {@link Claim.Start} or {@link Claim.Ended}; fewer where no more wait
     */
    List<Claim> claimNext(String lane, int limit);

    /**
     * Settles what becomes of lost attempts. Their jobs wait for their turn again, keep their number or not, and the attempt counts
     * or not, by its {@link Fate}; where RUNNING was heard it has begun whatever else is said. A job whose counted attempts are used up
     * becomes FAILED (message says so), one whose cancellation was asked for CANCELLED; both get their event at
     * {@link StatusEvent#LAST_WORD}. A job that stands in another attempt, waits or has ended is passed over.
     *
     * @return {@link Claim.Waits}, {@link Claim.Ended}, {@link Claim.Skip} or {@link Claim.Unknown} for each, in order
     */
    List<Claim> lost(List<Loss> losses, LossRules rules);

    /** How many jobs wait for their turn, by lane; lanes in which none waits are left out. */
    Map<String, Long> waiting();

    /**
     * Applies status events in order. An event changes something only if its job is known and not terminal, it speaks of the job's
     * attempt, and its position is after the job's. A terminal one also stores the result.
     */
    Applied apply(List<StatusEvent> events);

    /**
     * Asks for cancellation. A job still SUBMITTED, or waiting for its turn, becomes CANCELLED at once (event at
     * {@code (attempt, LAST_WORD)}).
     */
    Cancellation requestCancel(JobId id);

    /**
     * The job's events after a position, in order, at most {@code limit}. The first event of every job is SUBMITTED at
     * {@code (0, 0)}.
     */
    List<StatusEvent> events(JobId id, EventPosition after, int limit);

    /** Jobs admitted but not confirmed as queued since before {@code admittedBefore}, oldest first. */
    List<Job> unconfirmed(Instant admittedBefore, int limit);

    /** Jobs SUBMITTED and confirmed as queued since before {@code queuedBefore} that were never taken over, oldest first. */
    List<Job> overdue(Instant queuedBefore, int limit);

    /** Jobs DISPATCHED or RUNNING, not heard of since before {@code updatedBefore} and not waiting for their turn, oldest first. */
    List<Job> silent(Instant updatedBefore, int limit);

    /** Jobs DISPATCHED since before {@code updatedBefore}, neither RUNNING yet nor waiting for their turn, oldest first. */
    List<Job> unstarted(Instant updatedBefore, int limit);

    /**
     * Notes what jobs wait for, as their message until the next event. They count as silent as before; what is not DISPATCHED any more
     * stays as it is.
     *
     * @param reasons lines for a person
     */
    void noteWaiting(Map<JobId, String> reasons);

    /** Notes that these jobs were seen alive just now, so that {@link #silent} passes them over. */
    void touch(List<JobId> ids);

    /** Deletes terminal jobs (events, results, keys with them) that ended before {@code endedBefore}, at most {@code limit}. */
    int purge(Instant endedBefore, int limit);

    /** How many jobs there are that have not ended. */
    long countActive();

    /** Fails with {@link StoreException} unless the storage answers within the deadline. */
    void ping(Duration deadline);

    @Override
    void close();
}
