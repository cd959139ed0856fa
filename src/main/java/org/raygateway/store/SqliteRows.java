package org.raygateway.store;

import static org.raygateway.store.SqliteValues.bytes;
import static org.raygateway.store.SqliteValues.id;
import static org.raygateway.store.SqliteValues.instant;
import static org.raygateway.store.SqliteValues.nanos;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

/** Reads and writes single rows. */
final class SqliteRows {
    /** Status of a job taken back after it was admitted. Callers never see it. */
    static final String WITHDRAWN = "WITHDRAWN";

    /** What {@link #job} reads, in this order. */
    static final String JOB_COLUMNS = "id, simulation_type, parameters, status, progress, attempt, sequence, requester,"
            + " traceparent, submitted_at, updated_at, message, cancel_requested";

    /** What {@link #stored} reads beside them. */
    static final String STORED_COLUMNS =
            ", queued_at IS NOT NULL, event_count, request_hash, lane IS NOT NULL, again, spared";

    private static final String INSERT_EVENT =
            "INSERT INTO events (job_id, attempt, sequence, status, progress, message, occurred_at) VALUES (?, ?, ?, ?, ?, ?, ?)";

    /**
     * What a job is stored with beside itself.
     *
     * @param waits whether it waits for its turn in a lane
     */
    record StoredJob(
            Job job,
            boolean withdrawn,
            boolean queued,
            int eventCount,
            String requestHash,
            boolean waits,
            boolean again,
            int spared) {}

    private static final String FIND_STORED = "SELECT " + JOB_COLUMNS + STORED_COLUMNS + " FROM jobs WHERE id = ?";

    private SqliteRows() {}

    /** The job with this id, withdrawn or not; null where there is none. */
    static StoredJob find(SqliteStatements sql, JobId id) throws SQLException {
        return find(sql, bytes(id));
    }

    static StoredJob find(SqliteStatements sql, byte[] id) throws SQLException {
        PreparedStatement find = sql.get(FIND_STORED);
        find.setBytes(1, id);
        try (ResultSet row = find.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            return stored(row);
        }
    }

    static StoredJob stored(ResultSet row) throws SQLException {
        boolean withdrawn = WITHDRAWN.equals(row.getString(4));
        return new StoredJob(
                job(row, withdrawn ? JobStatus.SUBMITTED : status(row.getString(4))),
                withdrawn,
                row.getBoolean(14),
                row.getInt(15),
                row.getString(16),
                row.getBoolean(17),
                row.getBoolean(18),
                row.getInt(19));
    }

    static Job job(ResultSet row) throws SQLException {
        return job(row, status(row.getString(4)));
    }

    private static Job job(ResultSet row, JobStatus status) throws SQLException {
        return new Job(
                id(row.getBytes(1)),
                row.getString(2),
                row.getString(3),
                status,
                row.getInt(5),
                row.getInt(6),
                row.getLong(7),
                row.getString(8),
                row.getString(9),
                instant(row.getLong(10)),
                instant(row.getLong(11)),
                row.getString(12),
                row.getBoolean(13));
    }

    static JobStatus status(String name) throws SQLException {
        try {
            return JobStatus.valueOf(name);
        } catch (IllegalArgumentException unknown) {
            throw new SQLException("unknown job status in the database", unknown);
        }
    }

    static void insertEvent(SqliteStatements sql, StatusEvent event) throws SQLException {
        PreparedStatement insert = sql.get(INSERT_EVENT);
        insert.setBytes(1, bytes(event.jobId()));
        insert.setInt(2, event.attempt());
        insert.setLong(3, event.sequence());
        insert.setString(4, event.status().name());
        insert.setInt(5, event.progress());
        insert.setString(6, event.message());
        insert.setLong(7, nanos(event.occurredAt()));
        insert.executeUpdate();
    }
}
