package org.raygateway.store;

import static org.raygateway.store.SqliteValues.nanos;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Removes what ended long ago. The file does not shrink; what is freed is used for new jobs. */
final class SqliteRetention {
    private static final String ENDED = "SELECT id FROM jobs WHERE ended_at < ? ORDER BY ended_at LIMIT ?";
    private static final List<String> DELETIONS = List.of(
            "DELETE FROM events WHERE job_id = ?",
            "DELETE FROM results WHERE job_id = ?",
            "DELETE FROM jobs WHERE id = ?");

    private SqliteRetention() {}

    static int purge(SqliteStatements sql, Instant endedBefore, int limit) throws SQLException {
        List<byte[]> ended = ended(sql, endedBefore, limit);
        for (byte[] id : ended) {
            SqliteAdmissions.freeKey(sql, id);
            for (String deletion : DELETIONS) {
                PreparedStatement delete = sql.get(deletion);
                delete.setBytes(1, id);
                delete.executeUpdate();
            }
        }
        return ended.size();
    }

    private static List<byte[]> ended(SqliteStatements sql, Instant before, int limit) throws SQLException {
        PreparedStatement select = sql.get(ENDED);
        select.setLong(1, nanos(before));
        select.setInt(2, limit);
        List<byte[]> ids = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ids.add(row.getBytes(1));
            }
        }
        return ids;
    }
}
