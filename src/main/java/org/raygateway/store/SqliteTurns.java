package org.raygateway.store;

import static org.raygateway.store.SqliteValues.bytes;
import static org.raygateway.store.SqliteValues.nanos;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;

/** Whose turn it is to start: jobs come in by {@link #take} or {@link #lost}, and go out by {@link #claimNext}. */
final class SqliteTurns {
    private static final String WAIT =
            "UPDATE jobs SET lane = ?, turn = ?, again = ?, spared = ?, message = coalesce(?, message),"
                    + " queued_at = coalesce(queued_at, ?) WHERE id = ?";
    private static final String NEXT = "SELECT " + SqliteRows.JOB_COLUMNS + SqliteRows.STORED_COLUMNS
            + " FROM jobs INDEXED BY jobs_waiting WHERE lane = ? ORDER BY turn, id LIMIT ?";
    private static final String START_AGAIN =
            "UPDATE jobs SET lane = NULL, again = 0, message = NULL, updated_at = ? WHERE id = ?";

    private SqliteTurns() {}

    static List<Claim> take(SqliteStatements sql, List<JobId> ids, Map<String, Integer> room, Instant now)
            throws SQLException {
        Map<String, Integer> left = new HashMap<>(room);
        List<Claim> claims = new ArrayList<>(ids.size());
        for (JobId id : ids) {
            claims.add(take(sql, id, left, now));
        }
        return claims;
    }

    private static Claim take(SqliteStatements sql, JobId id, Map<String, Integer> room, Instant now)
            throws SQLException {
        SqliteRows.StoredJob stored = SqliteRows.find(sql, id);
        if (stored == null) {
            return new Claim.Unknown();
        }
        Job job = stored.job();
        if (stored.withdrawn() || stored.waits() || job.status() != JobStatus.SUBMITTED) {
            return new Claim.Skip();
        }
        int places = room.getOrDefault(job.simulationType(), 0);
        if (places > 0) {
            room.put(job.simulationType(), places - 1);
            return claim(sql, stored, now);
        }
        String lane = job.simulationType();
        await(sql, id, new JobTransitions.Aftermath.WaitsAgain(lane, job.submittedAt(), false, 0, null), now);
        return new Claim.Waits(lane);
    }

    static List<Claim> claimNext(SqliteStatements sql, String lane, int limit, Instant now) throws SQLException {
        PreparedStatement next = sql.get(NEXT);
        next.setString(1, lane);
        next.setInt(2, limit);
        List<SqliteRows.StoredJob> jobs = new ArrayList<>();
        try (ResultSet row = next.executeQuery()) {
            while (row.next()) {
                jobs.add(SqliteRows.stored(row));
            }
        }
        List<Claim> claims = new ArrayList<>(jobs.size());
        for (SqliteRows.StoredJob job : jobs) {
            claims.add(claim(sql, job, now));
        }
        return claims;
    }

    private static Claim claim(SqliteStatements sql, SqliteRows.StoredJob stored, Instant now) throws SQLException {
        Claim claim = JobTransitions.claim(stored.job(), stored.again(), now);
        if (claim instanceof Claim.Start start && start.event() == null) {
            PreparedStatement startAgain = sql.get(START_AGAIN);
            startAgain.setLong(1, nanos(now));
            startAgain.setBytes(2, bytes(stored.job().id()));
            startAgain.executeUpdate();
        } else if (claim instanceof Claim.Start start) {
            SqliteProgress.record(sql, start.event(), true, now);
        } else if (claim instanceof Claim.Ended ended) {
            SqliteProgress.record(sql, ended.event(), true, now);
        }
        return claim;
    }

    static List<Claim> lost(SqliteStatements sql, List<Loss> losses, LossRules rules, Instant now) throws SQLException {
        List<Claim> claims = new ArrayList<>(losses.size());
        for (Loss loss : losses) {
            claims.add(lost(sql, loss, rules, now));
        }
        return claims;
    }

    private static Claim lost(SqliteStatements sql, Loss loss, LossRules rules, Instant now) throws SQLException {
        SqliteRows.StoredJob stored = SqliteRows.find(sql, loss.job());
        if (stored == null) {
            return new Claim.Unknown();
        }
        Job job = stored.job();
        boolean isThisOne = job.attempt() == loss.attempt() && job.attempt() > 0;
        if (!isThisOne || stored.waits() || job.status().isTerminal()) {
            return new Claim.Skip();
        }
        JobTransitions.Aftermath aftermath = JobTransitions.lost(job, stored.spared(), loss.fate(), rules, now);
        if (aftermath instanceof JobTransitions.Aftermath.Ends ends) {
            SqliteProgress.record(sql, ends.ended().event(), true, now);
            return ends.ended();
        }
        JobTransitions.Aftermath.WaitsAgain waits = (JobTransitions.Aftermath.WaitsAgain) aftermath;
        await(sql, job.id(), waits, now);
        return new Claim.Waits(waits.lane());
    }

    private static void await(SqliteStatements sql, JobId id, JobTransitions.Aftermath.WaitsAgain waits, Instant now)
            throws SQLException {
        PreparedStatement wait = sql.get(WAIT);
        wait.setString(1, waits.lane());
        wait.setLong(2, nanos(waits.turn()));
        wait.setBoolean(3, waits.again());
        wait.setInt(4, waits.spared());
        wait.setString(5, waits.message());
        wait.setLong(6, nanos(now));
        wait.setBytes(7, bytes(id));
        wait.executeUpdate();
    }
}
