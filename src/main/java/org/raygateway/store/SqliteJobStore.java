package org.raygateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.raygateway.job.EventPosition;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.StatusEvent;

/**
 * The job store of a single gateway: one SQLite file, one writer that commits many callers' changes together, and read-only
 * connections for look-ups. Why it is so: {@code docs/decisions/job-store.md}.
 */
public final class SqliteJobStore implements JobStore {
    private final SqliteFile file;
    private final SqliteErrors errors;
    private final GroupCommit writer;
    private final SqliteStatements writing;
    private final SqliteReaders readers;
    private final int eventsPerJob;
    private final Clock clock;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqliteJobStore(
            SqliteFile file,
            SqliteErrors errors,
            SqliteStatements writing,
            GroupCommit writer,
            SqliteReaders readers,
            int eventsPerJob,
            Clock clock) {
        this.file = file;
        this.errors = errors;
        this.writing = writing;
        this.writer = writer;
        this.readers = readers;
        this.eventsPerJob = eventsPerJob;
        this.clock = clock;
    }

    /**
     * Opens the file, making or updating its tables.
     *
     * @throws StoreException where the file is held by another gateway, damaged, not a job store, or written by a newer version;
     *     the text says what to do
     */
    public static SqliteJobStore open(SqliteSettings settings) {
        return open(settings, Clock.systemUTC());
    }

    static SqliteJobStore open(SqliteSettings settings, Clock clock) {
        SqliteErrors errors = new SqliteErrors(settings.file());
        SqliteFile file = SqliteFile.hold(settings);
        try {
            file.makeWhereMissing();
            Connection connection = file.connectToWrite();
            try {
                SqliteMigrations.migrate(settings.file(), connection);
                SqliteReaders readers = new SqliteReaders(file, settings, errors);
                SqliteStatements writing = new SqliteStatements(connection);
                GroupCommit writer = new GroupCommit(writing, settings, errors);
                return new SqliteJobStore(file, errors, writing, writer, readers, settings.eventsPerJob(), clock);
            } catch (SQLException | RuntimeException failure) {
                connection.close();
                throw failure;
            }
        } catch (SQLException failure) {
            file.close();
            throw errors.explain(failure);
        } catch (RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    @Override
    public List<Admission> admit(List<Submission> submissions) {
        return writer.run(sql -> SqliteAdmissions.admit(sql, submissions));
    }

    @Override
    public void confirmQueued(List<JobId> ids) {
        writer.run(sql -> SqliteAdmissions.confirm(sql, ids, clock.instant()));
    }

    @Override
    public void confirmQueuedSoon(List<JobId> ids) {
        writer.runSoon("confirm queued jobs", sql -> SqliteAdmissions.confirm(sql, ids, clock.instant()));
    }

    @Override
    public void withdraw(List<JobId> ids) {
        writer.run(sql -> SqliteAdmissions.withdraw(sql, ids, clock.instant()));
    }

    @Override
    public Optional<Job> find(JobId id) {
        return readers.run(sql -> SqliteLookups.find(sql, id));
    }

    @Override
    public Optional<String> result(JobId id) {
        return readers.run(sql -> SqliteLookups.result(sql, id));
    }

    @Override
    public JobPage list(JobQuery query) {
        positive(query.limit());
        return readers.run(sql -> SqliteLookups.list(sql, query));
    }

    @Override
    public List<Claim> take(List<JobId> ids, Map<String, Integer> room) {
        return writer.run(sql -> SqliteTurns.take(sql, ids, room, clock.instant()));
    }

    @Override
    public List<Claim> claimNext(String lane, int limit) {
        positive(limit);
        return writer.run(sql -> SqliteTurns.claimNext(sql, lane, limit, clock.instant()));
    }

    @Override
    public List<Claim> lost(List<Loss> losses, LossRules rules) {
        return writer.run(sql -> SqliteTurns.lost(sql, losses, rules, clock.instant()));
    }

    @Override
    public Map<String, Long> waiting() {
        return readers.run(SqliteLookups::waiting);
    }

    @Override
    public Applied apply(List<StatusEvent> events) {
        return writer.run(sql -> SqliteProgress.apply(sql, events, eventsPerJob, clock.instant()));
    }

    @Override
    public Cancellation requestCancel(JobId id) {
        return writer.run(sql -> SqliteProgress.requestCancel(sql, id, clock.instant()));
    }

    @Override
    public List<StatusEvent> events(JobId id, EventPosition after, int limit) {
        positive(limit);
        return readers.run(sql -> SqliteLookups.events(sql, id, after, limit));
    }

    @Override
    public List<Job> unconfirmed(Instant admittedBefore, int limit) {
        positive(limit);
        return readers.run(sql -> SqliteLookups.unconfirmed(sql, admittedBefore, limit));
    }

    @Override
    public List<Job> overdue(Instant queuedBefore, int limit) {
        positive(limit);
        return readers.run(sql -> SqliteLookups.overdue(sql, queuedBefore, limit));
    }

    @Override
    public List<Job> silent(Instant updatedBefore, int limit) {
        positive(limit);
        return readers.run(sql -> SqliteLookups.silent(sql, updatedBefore, limit));
    }

    @Override
    public List<Job> unstarted(Instant updatedBefore, int limit) {
        positive(limit);
        return readers.run(sql -> SqliteLookups.unstarted(sql, updatedBefore, limit));
    }

    @Override
    public void noteWaiting(Map<JobId, String> reasons) {
        writer.run(sql -> SqliteProgress.noteWaiting(sql, reasons));
    }

    @Override
    public void touch(List<JobId> ids) {
        writer.run(sql -> SqliteProgress.touch(sql, ids, clock.instant()));
    }

    @Override
    public int purge(Instant endedBefore, int limit) {
        positive(limit);
        return writer.run(sql -> SqliteRetention.purge(sql, endedBefore, limit));
    }

    @Override
    public long countActive() {
        return readers.run(SqliteLookups::countActive);
    }

    /** Goes the way of a change and writes a page, since a store that can only be read accepts no job. */
    @Override
    public void ping(Duration deadline) {
        errors.requireNoneKnown();
        writer.run(SqliteMigrations::writeVersion, deadline);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        writer.close();
        readers.close();
        try {
            writing.close();
        } catch (SQLException failure) {
            throw new StoreException("The job store could not be closed", failure);
        } finally {
            file.close();
        }
    }

    private static void positive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit must be positive, got " + limit);
        }
    }
}
