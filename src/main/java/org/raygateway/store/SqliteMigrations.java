package org.raygateway.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings the tables to the form this version knows. SQLite keeps the number of the last script in the file's own header
 * ({@code user_version}) and changes it in the script's transaction. A file that is newer, or not ours, is refused.
 */
final class SqliteMigrations {
    /** In {@code db/sqlite}; the n-th leads to version n. Scripts are only ever added. */
    private static final List<String> SCRIPTS = List.of("V1__jobs.sql", "V2__lanes.sql");

    /** "RayG": tells a job store from other databases. */
    private static final int APPLICATION = 0x52617947;

    private final Path file;
    private final Statement statement;

    private SqliteMigrations(Path file, Statement statement) {
        this.file = file;
        this.statement = statement;
    }

    static void migrate(Path file, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            new SqliteMigrations(file, statement).migrate();
        }
    }

    /** Writes the number that is there already: the smallest change that has to reach the disk. */
    static Void writeVersion(SqliteStatements sql) throws SQLException {
        sql.update("PRAGMA user_version = " + SCRIPTS.size());
        return null;
    }

    private void migrate() throws SQLException {
        int version = number("PRAGMA user_version");
        boolean empty = version == 0 && number("SELECT count(*) FROM sqlite_master") == 0;
        if (!empty && number("PRAGMA application_id") != APPLICATION) {
            throw new StoreException(
                    "The file " + file + " is not a job store of Ray Gateway. Move it away, or name another", null);
        }
        if (version > SCRIPTS.size()) {
            throw new StoreException(
                    "The job store " + file + " was written by a newer Ray Gateway: it has schema version " + version
                            + ", this one knows " + SCRIPTS.size() + ". Run the newer version, or move the file away",
                    null);
        }
        for (int next = version; next < SCRIPTS.size(); next++) {
            run(SCRIPTS.get(next), next + 1);
        }
    }

    /** Where it fails the connection is closed, which rolls back: the file stays as it was. */
    private void run(String script, int version) throws SQLException {
        statement.execute("BEGIN EXCLUSIVE");
        statement.executeUpdate(text(script));
        statement.execute("PRAGMA application_id = " + APPLICATION);
        statement.execute("PRAGMA user_version = " + version);
        statement.execute("COMMIT");
    }

    private static String text(String script) {
        try (InputStream resource = SqliteMigrations.class.getResourceAsStream("/db/sqlite/" + script)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private int number(String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }
}
