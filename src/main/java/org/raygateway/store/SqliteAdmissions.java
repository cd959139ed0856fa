package org.raygateway.store;

import static org.raygateway.store.SqliteValues.bytes;
import static org.raygateway.store.SqliteValues.nanos;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;

/** Changes on the way in: admit, confirm, withdraw. */
final class SqliteAdmissions {
    private static final String FIND_KEY = "SELECT job_id FROM idempotency_keys WHERE requester = ? AND key = ?";
    private static final String INSERT_KEY = "INSERT INTO idempotency_keys (requester, key, job_id) VALUES (?, ?, ?)";
    private static final String INSERT_JOB = "INSERT INTO jobs (" + SqliteRows.JOB_COLUMNS
            + ", event_count, idempotency_key, request_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)";
    private static final String CONFIRM =
            "UPDATE jobs SET queued_at = coalesce(queued_at, ?) WHERE id = ? AND status <> 'WITHDRAWN'";
    private static final String RESTORE =
            "UPDATE jobs SET status = 'SUBMITTED', ended_at = NULL WHERE id = ? AND status = 'WITHDRAWN'";
    private static final String RESTORE_KEY = "INSERT OR IGNORE INTO idempotency_keys (requester, key, job_id)"
            + " SELECT requester, idempotency_key, id FROM jobs WHERE id = ? AND idempotency_key IS NOT NULL";
    private static final String WITHDRAW = "UPDATE jobs SET status = 'WITHDRAWN', ended_at = ?"
            + " WHERE id = ? AND status = 'SUBMITTED' AND queued_at IS NULL";
    private static final String FREE_KEY = "DELETE FROM idempotency_keys WHERE job_id = ?2 AND (requester, key) ="
            + " (SELECT requester, idempotency_key FROM jobs WHERE id = ?1)";

    private SqliteAdmissions() {}

    static List<Admission> admit(SqliteStatements sql, List<Submission> submissions) throws SQLException {
        List<Admission> answers = new ArrayList<>(submissions.size());
        for (Submission submission : submissions) {
            answers.add(admit(sql, submission));
        }
        return answers;
    }

    private static Admission admit(SqliteStatements sql, Submission submission) throws SQLException {
        if (submission.idempotencyKey() != null) {
            Admission known = known(sql, submission);
            if (known != null) {
                return known;
            }
            insertKey(sql, submission);
        }
        insertJob(sql, submission);
        return new Admission.Admitted(submission.job());
    }

    private static Admission known(SqliteStatements sql, Submission submission) throws SQLException {
        PreparedStatement find = sql.get(FIND_KEY);
        find.setString(1, submission.job().requester());
        find.setString(2, submission.idempotencyKey());
        byte[] id;
        try (ResultSet row = find.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            id = row.getBytes(1);
        }
        SqliteRows.StoredJob earlier = SqliteRows.find(sql, id);
        if (!submission.requestHash().equals(earlier.requestHash())) {
            return new Admission.KeyReused(submission.idempotencyKey());
        }
        // One that has ended has no more use for its message.
        boolean queued = earlier.queued() || earlier.job().status().isTerminal();
        return new Admission.Repeated(earlier.job(), queued);
    }

    private static void insertKey(SqliteStatements sql, Submission submission) throws SQLException {
        PreparedStatement insert = sql.get(INSERT_KEY);
        insert.setString(1, submission.job().requester());
        insert.setString(2, submission.idempotencyKey());
        insert.setBytes(3, bytes(submission.job().id()));
        insert.executeUpdate();
    }

    private static void insertJob(SqliteStatements sql, Submission submission) throws SQLException {
        Job job = submission.job();
        PreparedStatement insert = sql.get(INSERT_JOB);
        insert.setBytes(1, bytes(job.id()));
        insert.setString(2, job.simulationType());
        insert.setString(3, job.parameters());
        insert.setString(4, job.status().name());
        insert.setInt(5, job.progress());
        insert.setInt(6, job.attempt());
        insert.setLong(7, job.sequence());
        insert.setString(8, job.requester());
        insert.setString(9, job.traceparent());
        insert.setLong(10, nanos(job.submittedAt()));
        insert.setLong(11, nanos(job.updatedAt()));
        insert.setString(12, job.message());
        insert.setBoolean(13, job.cancelRequested());
        insert.setString(14, submission.idempotencyKey());
        insert.setString(15, submission.requestHash());
        insert.executeUpdate();
    }

    /**
     * A job withdrawn by one caller may have been sent and confirmed by another that repeated its request: it was promised, so
     * it comes back, unconfirmed, since its message may already have been turned away.
     */
    static Void confirm(SqliteStatements sql, List<JobId> ids, Instant now) throws SQLException {
        for (JobId id : ids) {
            PreparedStatement confirm = sql.get(CONFIRM);
            confirm.setLong(1, nanos(now));
            confirm.setBytes(2, bytes(id));
            if (confirm.executeUpdate() == 0 && update(sql, RESTORE, id) > 0) {
                update(sql, RESTORE_KEY, id);
            }
        }
        return null;
    }

    /** Leaves jobs alone whose message is known to be in the queue: somebody was promised them. */
    static Void withdraw(SqliteStatements sql, List<JobId> ids, Instant now) throws SQLException {
        for (JobId id : ids) {
            PreparedStatement withdraw = sql.get(WITHDRAW);
            withdraw.setLong(1, nanos(now));
            withdraw.setBytes(2, bytes(id));
            if (withdraw.executeUpdate() > 0) {
                freeKey(sql, bytes(id));
            }
        }
        return null;
    }

    /** Frees the job's key unless another job has it by now. */
    static void freeKey(SqliteStatements sql, byte[] id) throws SQLException {
        PreparedStatement free = sql.get(FREE_KEY);
        free.setBytes(1, id);
        free.setBytes(2, id);
        free.executeUpdate();
    }

    private static int update(SqliteStatements sql, String text, JobId id) throws SQLException {
        PreparedStatement update = sql.get(text);
        update.setBytes(1, bytes(id));
        return update.executeUpdate();
    }
}
