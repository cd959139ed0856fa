package org.raygateway.servicebus.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.raygateway.servicebus.embedded.MessageLog.LogException;
import org.raygateway.storage.NewDatabase;
import org.raygateway.storage.SqliteFailure;
import org.raygateway.storage.UnusableFileException;

/**
 * The SQLite file of the message log: how it begins, by what it is known as ours, and how it is opened: with a write-ahead log,
 * {@code synchronous=FULL}, and locked exclusively, which spares the shared-memory index and keeps a second broker out.
 */
final class MessageFile {

    /** "RayB": tells a message log from other databases. */
    private static final int APPLICATION = 0x52617942;

    private static final int VERSION = 1;

    private static final String[] SCHEMA = {
        "CREATE TABLE IF NOT EXISTS message(id INTEGER PRIMARY KEY, queue TEXT NOT NULL, sequence INTEGER NOT NULL,"
                + " enqueued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, scheduled_for INTEGER NOT NULL,"
                + " delivery_count INTEGER NOT NULL, state INTEGER NOT NULL, dead_letter_source TEXT, raw BLOB NOT NULL)",
        "CREATE TABLE IF NOT EXISTS sequence_mark(queue TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID",
        // Ordered by time, so that inserts append and forgetting cuts off the front.
        "CREATE TABLE IF NOT EXISTS remembered_id(queue TEXT NOT NULL, seen_at INTEGER NOT NULL, message_id TEXT NOT NULL,"
                + " PRIMARY KEY(queue, seen_at, message_id)) WITHOUT ROWID",
        "CREATE TABLE IF NOT EXISTS rule_set(subscription TEXT PRIMARY KEY, configured BLOB NOT NULL, current BLOB NOT NULL)"
                + " WITHOUT ROWID"
    };

    private static final Set<String> TABLES = Set.of("message", "sequence_mark", "remembered_id", "rule_set");

    /** How a connection is made; tests give theirs bounds of a disk. */
    @FunctionalInterface
    interface Connector {
        Connection connect(String url) throws SQLException;
    }

    private final Path path;
    private final Connector connector;

    MessageFile(Path path, Connector connector) {
        this.path = path;
        this.connector = connector;
    }

    MessageFile(Path path) {
        this(path, DriverManager::getConnection);
    }

    /**
     * Opens the file, making it when missing.
     *
     * @throws LogException when it cannot be used, such as because another broker has it open, or it is not ours
     */
    Connection open() {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            NewDatabase.makeWhereMissing(path, "Service Bus data file", MessageFile::makeTables);
        } catch (SQLException failure) {
            throw failure(failure);
        } catch (IOException failure) {
            throw new LogException(
                    "The Service Bus data file " + path + " cannot be made or read; its directory must be writable",
                    failure);
        } catch (UnusableFileException refused) {
            throw new LogException(refused.getMessage(), refused);
        }
        return openExisting();
    }

    /** Opens the file after a failure: one that is gone by now is not begun anew, or everything in it would be forgotten in silence. */
    Connection reopen() {
        if (!Files.exists(path)) {
            throw LogException.ofDamage(
                    "The Service Bus data file " + path
                            + " is gone. Stop the gateway and put it back, or start it again"
                            + " to begin with an empty one",
                    null);
        }
        return openExisting();
    }

    private Connection openExisting() {
        Connection opened = null;
        try {
            opened = connector.connect("jdbc:sqlite:" + path);
            configure(opened);
            identify(opened);
            return opened;
        } catch (SQLException failure) {
            close(opened);
            throw failure(failure);
        } catch (LogException refused) {
            close(opened);
            throw refused;
        }
    }

    /** Says in words what a failure of SQLite means for this file. */
    LogException failure(SQLException failure) {
        String text = "The Service Bus data file " + path + " " + SqliteFailure.reason(failure);
        return SqliteFailure.isDamage(failure) ? LogException.ofDamage(text, failure) : new LogException(text, failure);
    }

    /** For contents that SQLite reads without complaint and that make no sense. */
    LogException damage(String what, RuntimeException cause) {
        return LogException.ofDamage(
                "The Service Bus data file " + path + " is damaged: " + what
                        + ". Stop the gateway and restore the file from a backup, or move it away",
                cause);
    }

    private static void configure(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout=2000");
            statement.execute("PRAGMA locking_mode=EXCLUSIVE");
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("PRAGMA wal_autocheckpoint=4000");
            statement.execute("PRAGMA journal_size_limit=67108864");
        }
    }

    private static void makeTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            for (String table : SCHEMA) {
                statement.execute(table);
            }
            statement.execute("PRAGMA application_id=" + APPLICATION);
            statement.execute("PRAGMA user_version=" + VERSION);
            statement.execute("COMMIT");
        }
    }

    private void identify(Connection connection) throws SQLException {
        int application = number(connection, "PRAGMA application_id");
        int version = number(connection, "PRAGMA user_version");
        if (application == 0 && version == 0 && TABLES.containsAll(tables(connection))) {
            // Written before files were marked, and perhaps left by a kill before it had its tables.
            makeTables(connection);
        } else if (application != APPLICATION) {
            throw new LogException(
                    "The file " + path + " is not a Service Bus data file of Ray Gateway: expected application_id "
                            + APPLICATION + ", found " + application + ". Move it away, or name another directory",
                    null);
        } else if (version != VERSION) {
            throw new LogException(
                    "The Service Bus data file " + path + " was written by a newer Ray Gateway: it has schema version "
                            + version + ", this one knows " + VERSION
                            + ". Run the newer version, or move the file away",
                    null);
        }
    }

    /** Writes the version that is there already: the smallest change that has to reach the disk. */
    static void probe(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version=" + VERSION);
        }
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Set<String> tables(Connection connection) throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static void close(Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException unimportant) {
            // The failure that led here is told.
        }
    }
}
