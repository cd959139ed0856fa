package org.raygateway.store;

import static org.raygateway.store.JobStore.SOON;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.raygateway.logging.Outage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The one thread that writes. Whatever waits is done in one transaction and made durable by one commit, so that the price of a
 * sync to disk is shared. Where a group fails it is rolled back and its changes are tried again each alone: one failure does
 * not spoil the others, and the common case pays for no savepoints.
 */
final class GroupCommit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private final SqliteStatements sql;
    private final SqliteErrors errors;
    private final Duration deadline;
    private final int groupSize;
    private final BlockingQueue<PendingChange<?>> waiting;
    private final BlockingQueue<PendingChange<?>> unhurried;
    private final Outage unseen = new Outage(LOG, Level.WARN);
    private final Thread writer;
    private volatile boolean closing;
    private volatile boolean finished;

    GroupCommit(SqliteStatements sql, SqliteSettings settings, SqliteErrors errors) {
        this.sql = sql;
        this.errors = errors;
        this.deadline = settings.deadline();
        this.groupSize = settings.changesPerCommit();
        this.waiting = new ArrayBlockingQueue<>(settings.waitingChanges());
        this.unhurried = new ArrayBlockingQueue<>(settings.waitingChanges());
        this.writer = new Thread(this::write, "job-store-writer");
        writer.setDaemon(true);
        writer.start();
    }

    /** Does the work and makes it durable. Work that has not begun when the deadline passes is not done at all. */
    <T> T run(SqliteWork<T> work) {
        return run(work, deadline);
    }

    <T> T run(SqliteWork<T> work, Duration within) {
        errors.requireUndamaged();
        long end = System.nanoTime() + within.toNanos();
        PendingChange<T> change = new PendingChange<>(work);
        try {
            enqueue(change, within);
            return change.outcome().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw unanswered(change, "did not answer within " + within, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unanswered(change, "was left: the waiting thread was interrupted", interrupted);
        } catch (ExecutionException failed) {
            throw errors.explain(failed.getCause());
        }
    }

    /**
     * Has the work done with the next change, or alone after {@link JobStore#SOON}, and returns at once. Failures are logged.
     *
     * @param what the work in words, for the log
     */
    void runSoon(String what, SqliteWork<?> work) {
        PendingChange<?> change = new PendingChange<>(work);
        change.outcome().whenComplete((done, failure) -> {
            if (failure != null) {
                unseen.failed("The job store could not " + what + ": " + failure);
            }
        });
        if (closing || !unhurried.offer(change)) {
            run(work);
        } else if (finished && change.abandon()) {
            throw closed();
        }
    }

    private void enqueue(PendingChange<?> change, Duration within) throws InterruptedException {
        if (closing) {
            throw closed();
        }
        if (!waiting.offer(change, within.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new StoreException(
                    "The job store is overloaded: no room among its waiting changes within " + within
                            + ". Try again later",
                    null);
        }
        if (finished && change.abandon()) {
            // Gives its room to the next caller that waits for some: the writer takes no more.
            waiting.remove(change);
            throw closed();
        }
    }

    /** How many changes wait for the writer just now. */
    int waiting() {
        return waiting.size();
    }

    private static StoreException unanswered(PendingChange<?> change, String what, Exception cause) {
        String state = change.abandon() ? "; nothing was changed" : "; whether the change was made is not known";
        return new StoreException("The job store " + what + state, cause);
    }

    private static StoreException closed() {
        return new StoreException("The job store is closed", null);
    }

    private void write() {
        List<PendingChange<?>> group = new ArrayList<>(groupSize);
        while (!closing || !waiting.isEmpty() || !unhurried.isEmpty()) {
            group.clear();
            take(group);
            group.removeIf(change -> !change.begin());
            commit(group);
        }
        finished = true;
        // A caller may have looked at `closing` just before it was set.
        refuseAll(waiting);
        refuseAll(unhurried);
    }

    private static void refuseAll(BlockingQueue<PendingChange<?>> tooLate) {
        for (PendingChange<?> late = tooLate.poll(); late != null; late = tooLate.poll()) {
            if (late.begin()) {
                late.fail(closed());
            }
        }
    }

    private void take(List<PendingChange<?>> group) {
        PendingChange<?> first = null;
        try {
            first = waiting.poll(SOON.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException asClosingBegins) {
            LOG.debug("The job store is closing");
        }
        unhurried.drainTo(group, groupSize - 1);
        if (first != null) {
            group.add(first);
        }
        waiting.drainTo(group, groupSize - group.size());
    }

    private void commit(List<PendingChange<?>> group) {
        if (group.isEmpty()) {
            return;
        }
        Throwable failure = tryToCommit(group);
        if (failure == null) {
            errors.noteSuccess();
            group.forEach(PendingChange::succeed);
        } else if (group.size() == 1) {
            errors.noteFailure(failure);
            group.get(0).fail(failure);
        } else {
            group.forEach(change -> commit(List.of(change)));
        }
    }

    private Throwable tryToCommit(List<PendingChange<?>> group) {
        try {
            sql.update("BEGIN IMMEDIATE");
            for (PendingChange<?> change : group) {
                change.execute(sql);
            }
            sql.update("COMMIT");
            return null;
        } catch (SQLException | RuntimeException | Error failure) {
            rollBack();
            return failure;
        }
    }

    private void rollBack() {
        sql.forget();
        try {
            sql.update("ROLLBACK");
        } catch (SQLException nothingOpen) {
            // SQLite itself has rolled back after some failures, and none is open after a failed BEGIN.
            LOG.debug("Nothing to roll back", nothingOpen);
        }
    }

    /** Does what is waiting, then stops. */
    @Override
    public void close() {
        closing = true;
        writer.interrupt();
        try {
            writer.join(deadline.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (writer.isAlive()) {
            LOG.warn("The job store's writer did not end within {}; changes not yet confirmed may be lost", deadline);
        }
    }
}
