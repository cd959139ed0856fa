package org.raygateway.servicebus.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The message log in one SQLite file: write-ahead log, {@code synchronous=FULL}, one transaction for each commit.
 *
 * <p>The file is locked exclusively. That spares the shared-memory index, and keeps a second broker out.
 */
final class SqliteMessageLog implements MessageLog {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteMessageLog.class);

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

    private final Connection connection;
    private final PreparedStatement insertMessage;
    private final PreparedStatement updateMessage;
    private final PreparedStatement updateContent;
    private final PreparedStatement deleteMessage;
    private final PreparedStatement putMark;
    private final PreparedStatement putId;
    private final PreparedStatement deleteIds;
    private final PreparedStatement putRules;
    private final Function<byte[], MessageContent> parser;

    private final Map<Long, StoredMessage> saved = new LinkedHashMap<>();
    private final List<Long> deleted = new ArrayList<>();
    private final List<SequenceMark> marks = new ArrayList<>();
    private final List<RememberedId> ids = new ArrayList<>();
    private final Map<String, Long> forgotten = new LinkedHashMap<>();
    private final Map<String, RuleSet> ruleSets = new LinkedHashMap<>();

    /**
     * Opens the file, making it when missing.
     *
     * @throws LogException when it cannot be used, above all because another broker has it open
     */
    SqliteMessageLog(Path file, Function<byte[], MessageContent> parser) {
        this.parser = parser;
        Connection opened = null;
        try {
            Path parent = file.toAbsolutePath().getParent();
            Files.createDirectories(parent);
            opened = DriverManager.getConnection("jdbc:sqlite:" + file);
            prepare(opened);
            connection = opened;
            insertMessage = connection.prepareStatement(
                    "INSERT INTO message(queue, sequence, enqueued_at, expires_at,"
                            + " scheduled_for, delivery_count, state, dead_letter_source, id, raw) VALUES(?,?,?,?,?,?,?,?,?,?)");
            updateMessage = connection.prepareStatement("UPDATE message SET queue=?, sequence=?, enqueued_at=?,"
                    + " expires_at=?, scheduled_for=?, delivery_count=?, state=?, dead_letter_source=? WHERE id=?");
            updateContent = connection.prepareStatement("UPDATE message SET raw=? WHERE id=?");
            deleteMessage = connection.prepareStatement("DELETE FROM message WHERE id=?");
            putMark = connection.prepareStatement("INSERT OR REPLACE INTO sequence_mark VALUES(?,?)");
            putId = connection.prepareStatement("INSERT OR REPLACE INTO remembered_id VALUES(?,?,?)");
            deleteIds = connection.prepareStatement("DELETE FROM remembered_id WHERE queue=? AND seen_at<?");
            putRules = connection.prepareStatement("INSERT OR REPLACE INTO rule_set VALUES(?,?,?)");
        } catch (SQLException | IOException e) {
            closeQuietly(opened);
            throw new LogException(
                    "Cannot open the Service Bus data file " + file
                            + ": it must be a writable SQLite file that no other broker has open",
                    e);
        }
    }

    private static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout=2000");
            statement.execute("PRAGMA locking_mode=EXCLUSIVE");
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=FULL");
            statement.execute("PRAGMA wal_autocheckpoint=4000");
            statement.execute("PRAGMA journal_size_limit=67108864");
            for (String table : SCHEMA) {
                statement.execute(table);
            }
        }
        connection.setAutoCommit(false);
    }

    @Override
    public void save(StoredMessage message) {
        saved.put(message.id, message);
    }

    @Override
    public void delete(StoredMessage message) {
        saved.remove(message.id);
        if (message.loggedContent != null) {
            deleted.add(message.id);
        }
    }

    @Override
    public void mark(SequenceMark mark) {
        marks.add(mark);
    }

    @Override
    public void remember(RememberedId id) {
        ids.add(id);
    }

    @Override
    public void forgetIdsBefore(String queue, long time) {
        forgotten.merge(queue, time, Math::max);
    }

    @Override
    public void save(RuleSet rules) {
        ruleSets.put(rules.subscription(), rules);
    }

    @Override
    public void commit() {
        if (saved.isEmpty()
                && deleted.isEmpty()
                && marks.isEmpty()
                && ids.isEmpty()
                && forgotten.isEmpty()
                && ruleSets.isEmpty()) {
            return;
        }
        try {
            write();
            connection.commit();
        } catch (SQLException e) {
            discard();
            throw new LogException("Cannot write the Service Bus data file", e);
        }
        saved.values().forEach(message -> message.loggedContent = message.content);
        clear();
    }

    private void write() throws SQLException {
        for (SequenceMark mark : marks) {
            putMark.setString(1, mark.queue());
            putMark.setLong(2, mark.last());
            putMark.executeUpdate();
        }
        for (long id : deleted) {
            deleteMessage.setLong(1, id);
            deleteMessage.executeUpdate();
        }
        for (StoredMessage message : saved.values()) {
            write(message);
        }
        for (RememberedId id : ids) {
            putId.setString(1, id.queue());
            putId.setLong(2, id.seenAt());
            putId.setString(3, id.messageId());
            putId.executeUpdate();
        }
        for (Map.Entry<String, Long> entry : forgotten.entrySet()) {
            deleteIds.setString(1, entry.getKey());
            deleteIds.setLong(2, entry.getValue());
            deleteIds.executeUpdate();
        }
        for (RuleSet rules : ruleSets.values()) {
            putRules.setString(1, rules.subscription());
            putRules.setBytes(2, rules.configured());
            putRules.setBytes(3, rules.current());
            putRules.executeUpdate();
        }
    }

    private void write(StoredMessage message) throws SQLException {
        boolean isNew = message.loggedContent == null;
        PreparedStatement statement = isNew ? insertMessage : updateMessage;
        statement.setString(1, message.queue);
        statement.setLong(2, message.sequence);
        statement.setLong(3, message.enqueuedAt);
        statement.setLong(4, message.expiresAt);
        statement.setLong(5, message.scheduledFor);
        statement.setInt(6, message.deliveryCount);
        statement.setInt(7, message.state.ordinal());
        statement.setString(8, message.deadLetterSource);
        statement.setLong(9, message.id);
        if (isNew) {
            statement.setBytes(10, message.content.raw());
        }
        statement.executeUpdate();
        if (!isNew && message.loggedContent != message.content) {
            updateContent.setBytes(1, message.content.raw());
            updateContent.setLong(2, message.id);
            updateContent.executeUpdate();
        }
    }

    @Override
    public void discard() {
        clear();
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new LogException("Cannot roll back the Service Bus data file", e);
        }
    }

    private void clear() {
        saved.clear();
        deleted.clear();
        marks.clear();
        ids.clear();
        forgotten.clear();
        ruleSets.clear();
    }

    @Override
    public void replay(
            Consumer<SequenceMark> toMarks, Consumer<RememberedId> toIds, Consumer<StoredMessage> toMessages) {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT queue, last FROM sequence_mark")) {
                while (rows.next()) {
                    toMarks.accept(new SequenceMark(rows.getString(1), rows.getLong(2)));
                }
            }
            try (ResultSet rows = statement.executeQuery(
                    "SELECT queue, message_id, seen_at FROM remembered_id ORDER BY queue, seen_at")) {
                while (rows.next()) {
                    toIds.accept(new RememberedId(rows.getString(1), rows.getString(2), rows.getLong(3)));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT id, raw, queue, sequence, enqueued_at, expires_at,"
                    + " scheduled_for, delivery_count, state, dead_letter_source FROM message")) {
                while (rows.next()) {
                    toMessages.accept(readMessage(rows));
                }
            }
            connection.rollback();
        } catch (SQLException e) {
            throw new LogException("Cannot read the Service Bus data file", e);
        }
    }

    @Override
    public List<RuleSet> ruleSets() {
        List<RuleSet> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT subscription, configured, current FROM rule_set")) {
            while (rows.next()) {
                found.add(new RuleSet(rows.getString(1), rows.getBytes(2), rows.getBytes(3)));
            }
        } catch (SQLException e) {
            throw new LogException("Cannot read the Service Bus data file", e);
        }
        return found;
    }

    private StoredMessage readMessage(ResultSet row) throws SQLException {
        StoredMessage message = new StoredMessage(row.getLong(1), parser.apply(row.getBytes(2)));
        message.queue = row.getString(3);
        message.sequence = row.getLong(4);
        message.enqueuedAt = row.getLong(5);
        message.expiresAt = row.getLong(6);
        message.scheduledFor = row.getLong(7);
        message.deliveryCount = row.getInt(8);
        message.state = StoredMessage.State.values()[row.getInt(9)];
        message.deadLetterSource = row.getString(10);
        message.loggedContent = message.content;
        return message;
    }

    @Override
    public void close() {
        closeQuietly(connection);
    }

    private static void closeQuietly(Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // Everything that counts was committed before; an unclean close is repaired by SQLite at the next open.
            LOG.warn("Closing the Service Bus data file failed", e);
        }
    }
}
