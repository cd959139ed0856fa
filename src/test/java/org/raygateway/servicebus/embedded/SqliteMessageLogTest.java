package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.servicebus.embedded.MessageLog.LogException;

/** What the log's file may be, and what becomes of the log when it cannot be written. */
class SqliteMessageLogTest {
    private static final int LARGE = 300_000;

    @TempDir
    Path directory;

    private final MessageCodec codec = new MessageCodec();
    private int maxPages = 1_000_000;
    private SqliteMessageLog log;

    @AfterEach
    void close() {
        if (log != null) {
            log.close();
        }
    }

    private Path file() {
        return directory.resolve("bus.db");
    }

    private SqliteMessageLog open() {
        log = new SqliteMessageLog(new MessageFile(file(), this::connect), codec::parse);
        return log;
    }

    /** A file that cannot grow is to SQLite what a full disk is. */
    private Connection connect(String url) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA max_page_count=" + maxPages);
        }
        return connection;
    }

    private void save(long id, int size) {
        Message message = Message.Factory.create();
        message.setBody(new AmqpValue("x".repeat(size)));
        StoredMessage stored = new StoredMessage(id, codec.parse(codec.encode(message)));
        stored.queue = "q";
        stored.sequence = id;
        stored.state = StoredMessage.State.ACTIVE;
        log.save(stored);
    }

    private List<Long> stored() {
        List<Long> ids = new ArrayList<>();
        log.replay(mark -> {}, id -> {}, message -> ids.add(message.id));
        return ids;
    }

    private void storeOne() {
        open();
        save(1, 10);
        log.commit();
        log.close();
    }

    private void execute(String... statements) throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file())) {
            for (String text : statements) {
                try (Statement statement = other.createStatement()) {
                    statement.execute(text);
                }
            }
        }
    }

    @Test
    void goesOnAfterTheDiskWasFull() {
        maxPages = 20;
        open();
        save(1, 10);
        log.commit();
        save(2, LARGE);
        assertThatThrownBy(log::commit).isInstanceOf(LogException.class).hasMessageContaining("the disk is full");

        maxPages = 1_000_000;
        log.recover();

        assertThat(stored()).containsExactly(1L);
        save(3, LARGE);
        log.commit();
        assertThat(stored()).containsExactly(1L, 3L);
    }

    @Test
    void failsAgainAndAgainWithoutLosingWhatItHas() {
        maxPages = 20;
        open();
        save(1, 10);
        log.commit();
        for (int i = 0; i < 20; i++) {
            save(2, LARGE);
            assertThatThrownBy(log::commit).isInstanceOf(LogException.class);
            log.recover();
        }
        assertThat(stored()).containsExactly(1L);
    }

    @Test
    void opensAFileOfBeforeFilesWereMarkedAndMarksIt() throws SQLException {
        storeOne();
        execute("PRAGMA application_id=0", "PRAGMA user_version=0");

        open();
        assertThat(stored()).containsExactly(1L);
        log.close();
        open();
        assertThat(stored()).containsExactly(1L);
    }

    @Test
    void opensAFileThatAKillLeftWithoutTables() throws SQLException {
        execute("PRAGMA journal_mode=WAL");
        assertThat(file()).isNotEmptyFile();

        open();

        assertThat(stored()).isEmpty();
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        Files.createFile(file());

        assertThatThrownBy(this::open)
                .isInstanceOf(LogException.class)
                .hasMessageContaining(file() + " is empty (0 bytes)")
                .hasMessageContaining("Restore it from a backup, or move it away");
    }

    @Test
    void refusesAFileOfANewerVersion() throws SQLException {
        storeOne();
        execute("PRAGMA user_version=7");

        assertThatThrownBy(this::open)
                .isInstanceOf(LogException.class)
                .hasMessageContaining(file() + " was written by a newer Ray Gateway: it has schema version 7, this one"
                        + " knows 1. Run the newer version, or move the file away");
    }

    @Test
    void refusesADatabaseOfSomethingElse() throws SQLException {
        execute("CREATE TABLE song (title)");

        assertThatThrownBy(this::open)
                .isInstanceOf(LogException.class)
                .hasMessageContaining(file() + " is not a Service Bus data file of Ray Gateway");
    }

    @Test
    void refusesAnotherFileOfTheGateway() throws SQLException {
        execute("CREATE TABLE message (title)", "PRAGMA application_id=1382119751", "PRAGMA user_version=1");

        assertThatThrownBy(this::open)
                .isInstanceOf(LogException.class)
                .hasMessageContaining("found 1382119751. Move it away");
    }

    @Test
    void saysOfDamageThatTryingAgainIsOfNoUse() throws IOException {
        open();
        for (int id = 1; id <= 200; id++) {
            save(id, 2_000);
        }
        log.commit();
        log.close();
        byte[] content = Files.readAllBytes(file());
        Arrays.fill(content, 8_192, content.length, (byte) 0x5a);
        Files.write(file(), content);
        open();

        LogException damage = catchThrowableOfType(LogException.class, this::stored);

        assertThat(damage.isDamage()).isTrue();
        assertThat(damage).hasMessageContaining(file() + " is damaged. Stop the gateway and restore the file");
    }

    @Test
    void saysWhichMessageMakesNoSense() throws SQLException {
        storeOne();
        execute("UPDATE message SET raw=x'ffffffff'");
        open();

        LogException damage = catchThrowableOfType(LogException.class, this::stored);

        assertThat(damage.isDamage()).isTrue();
        assertThat(damage).hasMessageContaining("message 1 cannot be read");
    }

    @Test
    void doesNotBeginAnewWhereTheFileIsGoneMeanwhile() throws IOException {
        open();
        save(1, 10);
        log.commit();
        Files.delete(file());

        LogException gone = catchThrowableOfType(LogException.class, log::recover);

        assertThat(gone.isDamage()).isTrue();
        assertThat(gone).hasMessageContaining(file() + " is gone. Stop the gateway and put it back");
        assertThat(file()).doesNotExist();
    }
}
