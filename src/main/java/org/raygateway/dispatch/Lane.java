package org.raygateway.dispatch;

import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import org.raygateway.job.JobId;

/**
 * What this gateway knows of the jobs that wait for one thing. Those that wait are in the store; here are only the few that were
 * claimed and have not begun. How many that may be is learned from the driver: it shrinks where the driver turns one away, and grows
 * by one where a place may have become free. Guarded by {@link Lanes}.
 */
final class Lane {
    private static final int FIRST_WINDOW = 64;
    private static final int MAX_WINDOW = 256;

    final String name;
    private final Queue<Attempt> claimed =
            new PriorityQueue<>(Comparator.comparing(attempt -> attempt.job().id()));
    private final Set<JobId> beginning = new HashSet<>();
    private final Set<JobId> calling = new HashSet<>();
    private int window = FIRST_WINDOW;
    private long waiting;
    private long arrivals;
    private String turnedAway;
    private long grownAt;
    private boolean probing;

    Lane(String name) {
        this.name = name;
    }

    /** How many more may be claimed. */
    int room() {
        return Math.max(0, window - beginning.size() - claimed.size());
    }

    /** How many may start at once on arrival: nobody may be overtaken. */
    int roomForArrivals() {
        return waiting > 0 || !claimed.isEmpty() ? 0 : room();
    }

    boolean hasBacklog() {
        return waiting > 0 || !claimed.isEmpty();
    }

    long waiting() {
        return waiting;
    }

    long arrivals() {
        return arrivals;
    }

    void arrived(long jobs) {
        waiting += jobs;
        arrivals += jobs;
    }

    /**
     * The store was asked for the next ones.
     *
     * @param arrivalsBefore as they were before it was asked: fewer than asked for means that no others wait
     */
    void took(int asked, int got, long arrivalsBefore) {
        waiting = got < asked ? arrivals - arrivalsBefore : Math.max(0, waiting - got);
    }

    /**
     * The store was asked how many wait.
     *
     * @param arrivalsBefore as they were before it was asked
     */
    void counted(long jobs, long arrivalsBefore) {
        waiting = jobs + arrivals - arrivalsBefore;
    }

    void claimed(Attempt attempt) {
        claimed.add(attempt);
    }

    /** The next one to hand over; null where none may be. */
    Attempt next(int mostCalls) {
        if (calling.size() >= mostCalls || beginning.size() >= window || claimed.isEmpty()) {
            return null;
        }
        Attempt next = claimed.poll();
        calling.add(next.job().id());
        beginning.add(next.job().id());
        return next;
    }

    /** The call has returned. Where a lane that grew is not turned away it may grow further at once. */
    void answered(JobId job) {
        calling.remove(job);
        if (probing) {
            grow(grownAt);
        }
    }

    void turnedAway(Attempt attempt, String reason) {
        beginning.remove(attempt.job().id());
        claimed.add(attempt);
        window = beginning.size();
        turnedAway = reason;
        probing = false;
    }

    void forget(JobId job) {
        beginning.remove(job);
    }

    /** Takes a job out that was claimed and is not being handed over; null where it is not one of those. */
    Attempt withdraw(JobId job) {
        for (Attempt attempt : claimed) {
            if (attempt.job().id().equals(job)) {
                claimed.remove(attempt);
                return attempt;
            }
        }
        return null;
    }

    /** Whether the driver does not have it, or has not said so yet. */
    boolean isInHand(JobId job) {
        return calling.contains(job)
                || claimed.stream().anyMatch(attempt -> attempt.job().id().equals(job));
    }

    /** A place may have become free: one more may try. */
    void grow(long now) {
        if (hasBacklog() && beginning.size() >= window) {
            window = Math.min(MAX_WINDOW, beginning.size() + 1);
            grownAt = now;
            probing = true;
        } else if (!hasBacklog()) {
            window = FIRST_WINDOW;
            turnedAway = null;
            probing = false;
        }
    }

    boolean grewSince(long moment) {
        return grownAt - moment > 0;
    }

    /** Why the driver turned the last one away; null where it takes what comes. */
    String whyFull() {
        return turnedAway;
    }

    Queue<Attempt> claimed() {
        return claimed;
    }
}
