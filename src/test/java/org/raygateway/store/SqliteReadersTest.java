package org.raygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteReadersTest {
    private static final String ENDLESS =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

    @TempDir
    Path directory;

    private SqliteFile file;
    private SqliteReaders readers;

    @BeforeEach
    void open() throws SQLException {
        SqliteSettings settings = new SqliteSettings(directory.resolve("jobs.db"), Duration.ofMillis(300), 1, 1, 1, 1);
        file = SqliteFile.hold(settings);
        file.connectToWrite().close();
        readers = new SqliteReaders(file, settings, new SqliteErrors(settings.file()));
    }

    @AfterEach
    void close() {
        readers.close();
        file.close();
    }

    @Test
    void endsALookUpThatTakesTooLongAndGoesOn() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> readers.run(sql -> number(sql, ENDLESS)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("did not answer within the deadline");
        }
        int seven = readers.run(sql -> number(sql, "SELECT 7"));
        assertThat(seven).isEqualTo(7);
    }

    @Test
    void refusesALookUpThatFindsNoConnectionFree() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        CompletableFuture<Integer> holder = CompletableFuture.supplyAsync(() -> readers.run(sql -> {
            begun.countDown();
            await().until(() -> gate.getCount() == 0);
            return 1;
        }));
        await().until(() -> begun.getCount() == 0);
        assertThatThrownBy(() -> readers.run(sql -> 2))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no look-up could begin within PT0.3S");
        gate.countDown();
        assertThat(holder.join()).isEqualTo(1);
    }

    @Test
    void cannotWrite() {
        assertThatThrownBy(() -> readers.run(sql -> sql.update("CREATE TABLE t (x)")))
                .isInstanceOf(StoreException.class);
    }

    private static int number(SqliteStatements sql, String query) throws SQLException {
        try (ResultSet row = sql.get(query).executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}
