package org.raygateway.servicebus.embedded;

import java.sql.Connection;
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

/** The message log in one SQLite file: one transaction for each commit, on a connection that a failure replaces. */
final class SqliteMessageLog implements MessageLog {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteMessageLog.class);

    private final MessageFile file;
    private final Function<byte[], MessageContent> parser;
    private Statements statements;

    private final Map<Long, StoredMessage> saved = new LinkedHashMap<>();
    private final List<Long> deleted = new ArrayList<>();
    private final List<SequenceMark> marks = new ArrayList<>();
    private final List<RememberedId> ids = new ArrayList<>();
    private final Map<String, Long> forgotten = new LinkedHashMap<>();
    private final Map<String, RuleSet> ruleSets = new LinkedHashMap<>();

    /**
     * Opens the file, making it when missing.
     *
     * @throws LogException when it cannot be used, such as because another broker has it open
     */
    SqliteMessageLog(MessageFile file, Function<byte[], MessageContent> parser) {
        this.file = file;
        this.parser = parser;
        this.statements = prepare(file.open());
    }

    private Statements prepare(Connection connection) {
        try {
            return new Statements(connection);
        } catch (SQLException failure) {
            closeQuietly(connection);
            throw file.failure(failure);
        }
    }

    /** One connection and what is prepared on it. */
    private static final class Statements {
        private final Connection connection;
        private final PreparedStatement begin;
        private final PreparedStatement commit;
        private final PreparedStatement insertMessage;
        private final PreparedStatement updateMessage;
        private final PreparedStatement updateContent;
        private final PreparedStatement deleteMessage;
        private final PreparedStatement putMark;
        private final PreparedStatement putId;
        private final PreparedStatement deleteIds;
        private final PreparedStatement putRules;

        Statements(Connection connection) throws SQLException {
            this.connection = connection;
            begin = connection.prepareStatement("BEGIN IMMEDIATE");
            commit = connection.prepareStatement("COMMIT");
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
        }
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
            statements.begin.executeUpdate();
            write();
            statements.commit.executeUpdate();
        } catch (SQLException e) {
            throw file.failure(e);
        }
        saved.values().forEach(message -> message.loggedContent = message.content);
        clear();
    }

    private void write() throws SQLException {
        for (SequenceMark mark : marks) {
            statements.putMark.setString(1, mark.queue());
            statements.putMark.setLong(2, mark.last());
            statements.putMark.executeUpdate();
        }
        for (long id : deleted) {
            statements.deleteMessage.setLong(1, id);
            statements.deleteMessage.executeUpdate();
        }
        for (StoredMessage message : saved.values()) {
            write(message);
        }
        for (RememberedId id : ids) {
            statements.putId.setString(1, id.queue());
            statements.putId.setLong(2, id.seenAt());
            statements.putId.setString(3, id.messageId());
            statements.putId.executeUpdate();
        }
        for (Map.Entry<String, Long> entry : forgotten.entrySet()) {
            statements.deleteIds.setString(1, entry.getKey());
            statements.deleteIds.setLong(2, entry.getValue());
            statements.deleteIds.executeUpdate();
        }
        for (RuleSet rules : ruleSets.values()) {
            statements.putRules.setString(1, rules.subscription());
            statements.putRules.setBytes(2, rules.configured());
            statements.putRules.setBytes(3, rules.current());
            statements.putRules.executeUpdate();
        }
    }

    private void write(StoredMessage message) throws SQLException {
        boolean isNew = message.loggedContent == null;
        PreparedStatement statement = isNew ? statements.insertMessage : statements.updateMessage;
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
            statements.updateContent.setBytes(1, message.content.raw());
            statements.updateContent.setLong(2, message.id);
            statements.updateContent.executeUpdate();
        }
    }

    /**
     * Begins again on a connection of its own: whatever a failure left of the old one, open transaction or not, goes with it. Nothing
     * is taken for well that has not been written to.
     */
    @Override
    public void recover() {
        clear();
        closeQuietly(statements.connection);
        statements = prepare(file.reopen());
        try {
            MessageFile.probe(statements.connection);
        } catch (SQLException e) {
            throw file.failure(e);
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
        try (Statement statement = statements.connection.createStatement()) {
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
        } catch (SQLException e) {
            throw file.failure(e);
        }
    }

    @Override
    public List<RuleSet> ruleSets() {
        List<RuleSet> found = new ArrayList<>();
        try (Statement statement = statements.connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT subscription, configured, current FROM rule_set")) {
            while (rows.next()) {
                found.add(new RuleSet(rows.getString(1), rows.getBytes(2), rows.getBytes(3)));
            }
        } catch (SQLException e) {
            throw file.failure(e);
        }
        return found;
    }

    private StoredMessage readMessage(ResultSet row) throws SQLException {
        try {
            return parseMessage(row);
        } catch (RuntimeException nonsense) {
            throw file.damage("message " + row.getLong(1) + " cannot be read", nonsense);
        }
    }

    private StoredMessage parseMessage(ResultSet row) throws SQLException {
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
        closeQuietly(statements.connection);
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // Everything that counts was committed before; an unclean close is repaired by SQLite at the next open.
            LOG.debug("Closing the Service Bus data file failed", e);
        }
    }
}
