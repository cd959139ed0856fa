package org.raygateway.store;

import static org.raygateway.store.SqliteValues.bytes;
import static org.raygateway.store.SqliteValues.nanos;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.raygateway.job.EventPosition;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

/** Changes to a job by what is heard of it: apply, cancel, touch. */
final class SqliteProgress {
    private static final String FIND_STANDING =
            "SELECT status, attempt, sequence, event_count FROM jobs WHERE id = ? AND status <> 'WITHDRAWN'";
    private static final String MOVE =
            "UPDATE jobs SET status = ?, progress = ?, attempt = ?, sequence = ?, message = ?,"
                    + " updated_at = ?, ended_at = ?, event_count = event_count + ?,"
                    // Its message has come out of the queue, and it waits no more.
                    + " queued_at = coalesce(queued_at, ?), lane = NULL, again = 0 WHERE id = ?";
    private static final String REQUEST_CANCEL = "UPDATE jobs SET cancel_requested = 1 WHERE id = ?";
    private static final String INSERT_RESULT = "INSERT INTO results (job_id, json) VALUES (?, ?)";
    private static final String NOTE_WAITING = "UPDATE jobs SET message = ? WHERE id = ? AND status = 'DISPATCHED'";
    private static final String TOUCH =
            "UPDATE jobs SET updated_at = ? WHERE id = ? AND status IN ('DISPATCHED', 'RUNNING')";

    private SqliteProgress() {}

    /** As much of a job as it takes to judge an event. */
    private record Standing(JobStatus status, EventPosition position, int eventCount) {}

    static Cancellation requestCancel(SqliteStatements sql, JobId id, Instant now) throws SQLException {
        SqliteRows.StoredJob stored = SqliteRows.find(sql, id);
        if (stored == null || stored.withdrawn()) {
            return new Cancellation.Unknown();
        }
        Cancellation cancellation = JobTransitions.cancel(stored.job(), stored.waits(), now);
        if (!(cancellation instanceof Cancellation.TooLate)) {
            PreparedStatement request = sql.get(REQUEST_CANCEL);
            request.setBytes(1, bytes(id));
            request.executeUpdate();
        }
        if (cancellation instanceof Cancellation.Done done) {
            record(sql, done.event(), true, now);
        }
        return cancellation;
    }

    static Applied apply(SqliteStatements sql, List<StatusEvent> events, int eventsPerJob, Instant now)
            throws SQLException {
        List<StatusEvent> effective = new ArrayList<>(events.size());
        List<EventOutcome> outcomes = new ArrayList<>(events.size());
        Map<JobId, Standing> standings = new HashMap<>();
        for (StatusEvent event : events) {
            Standing standing = standings.get(event.jobId());
            if (standing == null) {
                standing = standing(sql, event.jobId());
            }
            EventOutcome outcome = standing == null
                    ? EventOutcome.UNKNOWN_JOB
                    : JobTransitions.outcome(standing.status, standing.position, event);
            outcomes.add(outcome);
            if (outcome != EventOutcome.APPLIED) {
                continue;
            }
            boolean keep = event.status() != JobStatus.RUNNING || standing.eventCount < eventsPerJob;
            record(sql, event, keep, now);
            standings.put(
                    event.jobId(),
                    new Standing(event.status(), event.position(), standing.eventCount + (keep ? 1 : 0)));
            effective.add(event);
        }
        return new Applied(effective, outcomes);
    }

    private static Standing standing(SqliteStatements sql, JobId id) throws SQLException {
        PreparedStatement find = sql.get(FIND_STANDING);
        find.setBytes(1, bytes(id));
        try (ResultSet row = find.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            return new Standing(
                    SqliteRows.status(row.getString(1)),
                    new EventPosition(row.getInt(2), row.getLong(3)),
                    row.getInt(4));
        }
    }

    /** Moves the job to where the event puts it and, if it is to be kept, stores the event. */
    static void record(SqliteStatements sql, StatusEvent event, boolean keep, Instant now) throws SQLException {
        PreparedStatement move = sql.get(MOVE);
        move.setString(1, event.status().name());
        move.setInt(2, event.progress());
        move.setInt(3, event.attempt());
        move.setLong(4, event.sequence());
        move.setString(5, event.message());
        move.setLong(6, nanos(now));
        if (event.status().isTerminal()) {
            move.setLong(7, nanos(now));
        } else {
            move.setNull(7, Types.INTEGER);
        }
        move.setInt(8, keep ? 1 : 0);
        move.setLong(9, nanos(now));
        move.setBytes(10, bytes(event.jobId()));
        move.executeUpdate();
        if (keep) {
            SqliteRows.insertEvent(sql, event);
        }
        if (event.status() == JobStatus.COMPLETED && event.result() != null) {
            insertResult(sql, event);
        }
    }

    private static void insertResult(SqliteStatements sql, StatusEvent event) throws SQLException {
        PreparedStatement insert = sql.get(INSERT_RESULT);
        insert.setBytes(1, bytes(event.jobId()));
        insert.setString(2, event.result());
        insert.executeUpdate();
    }

    static Void noteWaiting(SqliteStatements sql, Map<JobId, String> reasons) throws SQLException {
        PreparedStatement note = sql.get(NOTE_WAITING);
        for (Map.Entry<JobId, String> reason : reasons.entrySet()) {
            note.setString(1, reason.getValue());
            note.setBytes(2, bytes(reason.getKey()));
            note.executeUpdate();
        }
        return null;
    }

    static Void touch(SqliteStatements sql, List<JobId> ids, Instant now) throws SQLException {
        for (JobId id : ids) {
            PreparedStatement touch = sql.get(TOUCH);
            touch.setLong(1, nanos(now));
            touch.setBytes(2, bytes(id));
            touch.executeUpdate();
        }
        return null;
    }
}
