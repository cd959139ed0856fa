package org.raygateway.store;

import static org.raygateway.store.SqliteValues.bytes;
import static org.raygateway.store.SqliteValues.instant;
import static org.raygateway.store.SqliteValues.nanos;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.raygateway.job.EventPosition;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

/** Everything that only reads. */
final class SqliteLookups {
    private static final String SELECT_JOB = "SELECT " + SqliteRows.JOB_COLUMNS + " FROM jobs WHERE ";
    private static final String FIND = SELECT_JOB + "id = ? AND status <> 'WITHDRAWN'";
    private static final String RESULT = "SELECT json FROM results WHERE job_id = ?";
    private static final String EVENTS = "SELECT attempt, sequence, status, progress, message, occurred_at,"
            + " CASE status WHEN 'COMPLETED' THEN (SELECT json FROM results r WHERE r.job_id = e.job_id) END"
            + " FROM events e WHERE job_id = ? AND (attempt, sequence) > (?, ?) ORDER BY attempt, sequence LIMIT ?";
    // Left to choose, SQLite would read all that wait in the queue.
    private static final String UNCONFIRMED = "SELECT " + SqliteRows.JOB_COLUMNS
            + " FROM jobs INDEXED BY jobs_unconfirmed WHERE queued_at IS NULL AND status = 'SUBMITTED'"
            + " AND submitted_at < ? ORDER BY submitted_at, id LIMIT ?";
    // The bound on id keeps SQLite from reading all that wait in the queue.
    private static final String OVERDUE =
            SELECT_JOB + "status = 'SUBMITTED' AND id < ? AND queued_at < ? AND lane IS NULL ORDER BY id LIMIT ?";
    private static final String SILENT =
            SELECT_JOB + "status IN ('DISPATCHED', 'RUNNING') AND lane IS NULL AND updated_at < ?"
                    + " ORDER BY updated_at, id LIMIT ?";
    private static final String UNSTARTED =
            SELECT_JOB + "status = 'DISPATCHED' AND lane IS NULL AND updated_at < ? ORDER BY updated_at, id LIMIT ?";
    private static final String COUNT_ACTIVE =
            "SELECT count(*) FROM jobs WHERE status IN ('SUBMITTED', 'DISPATCHED', 'RUNNING')";

    private static final String WAITING =
            "SELECT lane, count(*) FROM jobs INDEXED BY jobs_waiting WHERE lane IS NOT NULL GROUP BY lane";

    private SqliteLookups() {}

    static Optional<Job> find(SqliteStatements sql, JobId id) throws SQLException {
        PreparedStatement find = sql.get(FIND);
        find.setBytes(1, bytes(id));
        return jobs(find).stream().findFirst();
    }

    static Optional<String> result(SqliteStatements sql, JobId id) throws SQLException {
        PreparedStatement find = sql.get(RESULT);
        find.setBytes(1, bytes(id));
        try (ResultSet row = find.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    static List<StatusEvent> events(SqliteStatements sql, JobId id, EventPosition after, int limit)
            throws SQLException {
        List<StatusEvent> events = new ArrayList<>();
        if (new EventPosition(0, 0).isAfter(after)) {
            find(sql, id).ifPresent(job -> events.add(submission(job)));
        }
        PreparedStatement select = sql.get(EVENTS);
        select.setBytes(1, bytes(id));
        select.setInt(2, after.attempt());
        select.setLong(3, after.sequence());
        select.setInt(4, limit - events.size());
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                events.add(event(id, row));
            }
        }
        return events;
    }

    private static StatusEvent submission(Job job) {
        return new StatusEvent(job.id(), JobStatus.SUBMITTED, 0, 0, 0, null, null, job.submittedAt());
    }

    private static StatusEvent event(JobId id, ResultSet row) throws SQLException {
        return new StatusEvent(
                id,
                SqliteRows.status(row.getString(3)),
                row.getInt(4),
                row.getInt(1),
                row.getLong(2),
                row.getString(5),
                row.getString(7),
                instant(row.getLong(6)));
    }

    static List<Job> unconfirmed(SqliteStatements sql, Instant before, int limit) throws SQLException {
        return oldest(sql.get(UNCONFIRMED), before, limit);
    }

    static List<Job> overdue(SqliteStatements sql, Instant before, int limit) throws SQLException {
        PreparedStatement select = sql.get(OVERDUE);
        select.setBytes(1, bytes(JobId.lowestAt(before)));
        select.setLong(2, nanos(before));
        select.setInt(3, limit);
        return jobs(select);
    }

    static List<Job> silent(SqliteStatements sql, Instant before, int limit) throws SQLException {
        return oldest(sql.get(SILENT), before, limit);
    }

    static List<Job> unstarted(SqliteStatements sql, Instant before, int limit) throws SQLException {
        return oldest(sql.get(UNSTARTED), before, limit);
    }

    private static List<Job> oldest(PreparedStatement select, Instant before, int limit) throws SQLException {
        select.setLong(1, nanos(before));
        select.setInt(2, limit);
        return jobs(select);
    }

    static long countActive(SqliteStatements sql) throws SQLException {
        try (ResultSet row = sql.get(COUNT_ACTIVE).executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    static Map<String, Long> waiting(SqliteStatements sql) throws SQLException {
        Map<String, Long> waiting = new HashMap<>();
        try (ResultSet row = sql.get(WAITING).executeQuery()) {
            while (row.next()) {
                waiting.put(row.getString(1), row.getLong(2));
            }
        }
        return waiting;
    }

    static JobPage list(SqliteStatements sql, JobQuery query) throws SQLException {
        StringBuilder where = new StringBuilder(SELECT_JOB);
        where.append(query.status() == null ? "status <> 'WITHDRAWN'" : "status = ?");
        where.append(query.simulationType() == null ? "" : " AND simulation_type = ?");
        where.append(query.submittedFrom() == null ? "" : " AND submitted_at >= ?");
        where.append(query.submittedTo() == null ? "" : " AND submitted_at < ?");
        where.append(query.before() == null ? "" : " AND id < ?");
        PreparedStatement select =
                sql.get(where.append(" ORDER BY id DESC LIMIT ?").toString());
        bind(select, query);
        List<Job> jobs = jobs(select);
        if (jobs.size() <= query.limit()) {
            return new JobPage(jobs, null);
        }
        List<Job> page = List.copyOf(jobs.subList(0, query.limit()));
        return new JobPage(page, page.get(page.size() - 1).id());
    }

    private static void bind(PreparedStatement select, JobQuery query) throws SQLException {
        int at = 1;
        if (query.status() != null) {
            select.setString(at++, query.status().name());
        }
        if (query.simulationType() != null) {
            select.setString(at++, query.simulationType());
        }
        if (query.submittedFrom() != null) {
            select.setLong(at++, nanos(query.submittedFrom()));
        }
        if (query.submittedTo() != null) {
            select.setLong(at++, nanos(query.submittedTo()));
        }
        if (query.before() != null) {
            select.setBytes(at++, bytes(query.before()));
        }
        // One more than the page tells whether there is a next one.
        select.setLong(at, query.limit() + 1L);
    }

    private static List<Job> jobs(PreparedStatement select) throws SQLException {
        List<Job> jobs = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                jobs.add(SqliteRows.job(row));
            }
        }
        return jobs;
    }
}
