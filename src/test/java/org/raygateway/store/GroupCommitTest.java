package org.raygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final CountDownLatch gate = new CountDownLatch(1);
    private Connection connection;
    private GroupCommit writer;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection(url());
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("CREATE TABLE entries (value TEXT NOT NULL)");
        }
        writer = writer(2);
    }

    private GroupCommit writer(int waiting) {
        SqliteSettings settings = new SqliteSettings(directory.resolve("group.db"), LONG, waiting, 64, 1, 1);
        return new GroupCommit(new SqliteStatements(connection), settings, new SqliteErrors(settings.file()));
    }

    @AfterEach
    void close() throws SQLException {
        gate.countDown();
        writer.close();
        callers.shutdownNow();
        connection.close();
    }

    @Test
    void keepsTheOthersWhereOneOfAGroupFails() {
        writer.close();
        writer = writer(64);
        holdTheWriter();
        List<CompletableFuture<Integer>> good = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            good.add(later(insert("good")));
        }
        CompletableFuture<Integer> bad = later(sql -> {
            insert("half done").run(sql);
            throw new SQLException("refused");
        });
        CompletableFuture<Integer> mistake = later(sql -> {
            insert("half done").run(sql);
            throw new IllegalStateException("mistake");
        });
        gate.countDown();
        assertThat(good).allSatisfy(done -> assertThat(done.join()).isEqualTo(1));
        assertThatThrownBy(bad::join).isInstanceOf(CompletionException.class).hasCauseInstanceOf(StoreException.class);
        assertThatThrownBy(mistake::join).hasCauseInstanceOf(StoreException.class);
        assertThat(values()).hasSize(10).containsOnly("good");
    }

    @Test
    void answersOnlyOnceItIsDurable() {
        assertThat(writer.run(insert("a"))).isEqualTo(1);
        assertThat(values()).containsExactly("a");
    }

    @Test
    void doesWhatNobodyWaitsForBeforeTheNextChange() {
        holdTheWriter();
        writer.runSoon("add one", insert("unhurried"));
        CompletableFuture<Integer> next = later(insert("next"));
        await().until(() -> writer.waiting() == 1);
        gate.countDown();
        next.join();
        assertThat(values()).containsExactly("unhurried", "next");
    }

    @Test
    void doesWhatNobodyWaitsForWhereNothingElseComes() {
        writer.runSoon("add one", insert("alone"));
        await().untilAsserted(() -> assertThat(values()).containsExactly("alone"));
    }

    @Test
    void doesWhatNobodyWaitsForBeforeItCloses() {
        writer.runSoon("add one", insert("last"));
        writer.close();
        assertThat(values()).containsExactly("last");
    }

    @Test
    void sparesTheOthersWhereWhatNobodyWaitsForFails() {
        holdTheWriter();
        writer.runSoon("fail", sql -> {
            throw new SQLException("refused");
        });
        CompletableFuture<Integer> next = later(insert("next"));
        await().until(() -> writer.waiting() == 1);
        gate.countDown();
        assertThat(next.join()).isEqualTo(1);
        assertThat(values()).containsExactly("next");
    }

    @Test
    void leavesNothingHalfDoneWhereTheDiskIsFull() {
        writer.run(sql -> sql.get("PRAGMA max_page_count = 20").execute());
        assertThatThrownBy(() -> writer.run(sql -> {
                    insert("small").run(sql);
                    return insert("x".repeat(1_000_000)).run(sql);
                }))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the disk is full. Free some space");
        assertThat(values()).isEmpty();
        writer.run(insert("after"));
        assertThat(values()).containsExactly("after");
    }

    @Test
    void changesNothingForACallerThatGaveUpWaiting() {
        holdTheWriter();
        assertThatThrownBy(() -> writer.run(insert("too late"), Duration.ofMillis(20)))
                .isInstanceOf(StoreException.class)
                .hasMessage("The job store did not answer within PT0.02S; nothing was changed");
        gate.countDown();
        writer.run(insert("next"));
        assertThat(values()).containsExactly("next");
    }

    @Test
    void saysSoWhereTheOutcomeIsNotKnown() {
        assertThatThrownBy(() -> writer.run(
                        sql -> {
                            awaitGate();
                            return null;
                        },
                        Duration.ofMillis(200)))
                .isInstanceOf(StoreException.class)
                .hasMessageEndingWith("whether the change was made is not known");
    }

    @Test
    void refusesMoreChangesThanMayWait() {
        holdTheWriter();
        later(insert("1"));
        later(insert("2"));
        await().until(() -> {
            try {
                writer.run(insert("3"), Duration.ofMillis(1));
                return false;
            } catch (StoreException refused) {
                return refused.getMessage().contains("no room among its waiting changes");
            }
        });
        gate.countDown();
        await().untilAsserted(() -> assertThat(values()).contains("1", "2"));
    }

    @Test
    void doesWhatWaitsBeforeItCloses() {
        holdTheWriter();
        CompletableFuture<Integer> waiting = later(insert("waiting"));
        await().until(() -> writer.waiting() == 1);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(writer::close, callers);
        await().untilAsserted(() ->
                assertThatThrownBy(() -> writer.run(insert("late"))).hasMessage("The job store is closed"));
        gate.countDown();
        closing.join();
        assertThat(waiting.join()).isEqualTo(1);
        assertThat(values()).containsExactly("waiting");
    }

    @RepeatedTest(20)
    void leavesNoCallerWithoutAnAnswerWhileItCloses() {
        AtomicInteger done = new AtomicInteger();
        List<CompletableFuture<Void>> many = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            many.add(CompletableFuture.runAsync(
                    () -> {
                        while (true) {
                            writer.run(insert("x"));
                            done.incrementAndGet();
                        }
                    },
                    callers));
        }
        await().until(() -> done.get() > 20);
        writer.close();
        assertThat(many)
                .allSatisfy(caller -> assertThatThrownBy(caller::join).hasRootCauseMessage("The job store is closed"));
        assertThat(values()).hasSize(done.get());
    }

    /** Keeps the writer busy until the gate opens, so that what comes next waits together. */
    private void holdTheWriter() {
        CountDownLatch begun = new CountDownLatch(1);
        later(sql -> {
            begun.countDown();
            awaitGate();
            return 0;
        });
        await().until(() -> begun.getCount() == 0);
    }

    private void awaitGate() {
        await().atMost(LONG).until(() -> gate.getCount() == 0);
    }

    private <T> CompletableFuture<T> later(SqliteWork<T> work) {
        return CompletableFuture.supplyAsync(() -> writer.run(work), callers);
    }

    private static SqliteWork<Integer> insert(String value) {
        return sql -> {
            var insert = sql.get("INSERT INTO entries VALUES (?)");
            insert.setString(1, value);
            return insert.executeUpdate();
        };
    }

    private List<String> values() {
        try (Connection other = DriverManager.getConnection(url());
                ResultSet row = other.createStatement().executeQuery("SELECT value FROM entries ORDER BY rowid")) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private String url() {
        return "jdbc:sqlite:" + directory.resolve("group.db");
    }
}
