package org.raygateway.ray.actor;

import java.time.Instant;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.ray.Progress;
import org.raygateway.ray.publish.StatusPublisher;

/**
 * One running execution inside its actor: numbers and publishes its events, thins out its progress, and knows when it
 * should stop. Once it was given up nothing more is published, so that the driver's last word stays the last.
 */
final class Execution implements Progress {
    private static final int MOST_PERCENT = 99;

    private final Assignment assignment;
    private final StatusPublisher publisher;
    private final long startedNanos = System.nanoTime();

    private long sequence;
    private int publishedPercent;
    private long publishedNanos;
    private int reportedPercent;
    private String reportedMessage;
    private boolean ended;
    private long stopRequestedNanos;
    private volatile StopReason stopReason;

    Execution(Assignment assignment, StatusPublisher publisher) {
        this.assignment = assignment;
        this.publisher = publisher;
    }

    Assignment assignment() {
        return assignment;
    }

    synchronized void start() {
        publish(JobStatus.RUNNING, 0, null, null);
    }

    @Override
    public synchronized void report(int percent, String message) {
        int clamped = Math.max(0, Math.min(MOST_PERCENT, percent));
        if (clamped < reportedPercent) {
            return;
        }
        reportedPercent = clamped;
        reportedMessage = message;
        publishProgressIfDue();
    }

    @Override
    public boolean cancelled() {
        if (stopReason != null || timedOut()) {
            return true;
        }
        synchronized (this) {
            publishProgressIfDue();
        }
        return false;
    }

    boolean timedOut() {
        return System.nanoTime() - startedNanos > assignment.timeout().toNanos();
    }

    StopReason stopReason() {
        return stopReason;
    }

    synchronized void stop(StopReason reason) {
        if (stopReason == null) {
            stopRequestedNanos = System.nanoTime();
        }
        if (stopReason != StopReason.ABANDONED) {
            stopReason = reason;
        }
    }

    /** Publishes the terminal event, once; null where the driver has the last word. */
    synchronized StatusEvent end(JobStatus status, String message, String result) {
        if (ended || givenUp()) {
            return null;
        }
        int progress = status == JobStatus.COMPLETED ? 100 : StatusEvent.NO_PROGRESS;
        StatusEvent event = publish(status, progress, message, result);
        ended = true;
        return event;
    }

    private void publishProgressIfDue() {
        long now = System.nanoTime();
        boolean due = reportedPercent > publishedPercent
                && now - publishedNanos >= assignment.progressMs() * 1_000_000
                && !ended
                && stopReason == null
                && !givenUp();
        if (due) {
            publish(JobStatus.RUNNING, reportedPercent, reportedMessage, null);
        }
    }

    /** After the grace time the driver ends the execution with a word of its own; the actor's would come too late. */
    private boolean givenUp() {
        long now = System.nanoTime();
        long grace = assignment.grace().toNanos();
        boolean stoppedTooLate = stopReason != null && now - stopRequestedNanos > grace;
        boolean overdue = now - startedNanos > assignment.timeout().toNanos() + grace;
        return stopReason == StopReason.ABANDONED || stoppedTooLate || overdue;
    }

    private StatusEvent publish(JobStatus status, int progress, String message, String result) {
        publishedPercent = Math.max(progress, 0);
        publishedNanos = System.nanoTime();
        sequence++;
        StatusEvent event = new StatusEvent(
                assignment.jobId(), status, progress, assignment.attempt(), sequence, message, result, Instant.now());
        publisher.publish(assignment.message(event));
        return event;
    }
}
