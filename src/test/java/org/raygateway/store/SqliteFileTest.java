package org.raygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.job.EventPosition;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

/** What is SQLite's own: the file, who may hold it, what may be in it. */
class SqliteFileTest {
    @TempDir
    Path directory;

    @Test
    void findsEverythingAgainOnceReopened() {
        Job job = job();
        Instant now = Instant.now();
        List<StatusEvent> before;
        try (JobStore store = open()) {
            store.admit(List.of(new Submission(job, "key", "hash")));
            store.confirmQueued(List.of(job.id()));
            store.take(List.of(job.id()), Map.of(job.simulationType(), 1));
            store.apply(List.of(new StatusEvent(job.id(), JobStatus.COMPLETED, 100, 1, 1, "done", "{\"pi\":3}", now)));
            before = store.events(job.id(), EventPosition.START, 10);
        }
        try (JobStore store = open()) {
            Job found = store.find(job.id()).orElseThrow();
            assertThat(found.status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(store.events(job.id(), EventPosition.START, 10))
                    .isEqualTo(before)
                    .hasSize(3);
            assertThat(store.result(job.id())).contains("{\"pi\":3}");
            assertThat(store.admit(List.of(new Submission(job(), "key", "hash"))))
                    .containsExactly(new Admission.Repeated(found, true));
        }
    }

    @Test
    void makesTheDirectoryItNeeds() {
        Path file = directory.resolve("a/b/jobs.db");
        SqliteJobStore.open(SqliteSettings.of(file)).close();
        assertThat(file).isRegularFile();
    }

    @Test
    void refusesAFileThatAnotherGatewayHolds() {
        try (JobStore first = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(
                            "is in use by another gateway. Stop that one, or give this one its own data directory");
            first.ping(Duration.ofSeconds(10));
        }
        open().close();
    }

    @Test
    void refusesAFileThatAnotherProgramHasLocked() throws SQLException {
        open().close();
        try (Connection other = DriverManager.getConnection(url())) {
            other.createStatement().execute("PRAGMA locking_mode = EXCLUSIVE");
            other.createStatement().execute("BEGIN EXCLUSIVE");
            SqliteSettings impatient = new SqliteSettings(file(), Duration.ofMillis(50), 1, 1, 1, 1);
            assertThatThrownBy(() -> SqliteJobStore.open(impatient))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is locked by another process. Close whatever has it open");
        }
        open().close();
    }

    @Test
    void refusesAFileThatIsNotADatabase() throws IOException {
        Files.writeString(file(), "This is a text of more than a hundred characters. ".repeat(100));
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is not an SQLite database. Move the file away, or name another");
    }

    @Test
    void refusesADamagedFile() throws IOException {
        open().close();
        byte[] content = Files.readAllBytes(file());
        java.util.Arrays.fill(content, 100, content.length, (byte) 0x5a);
        Files.write(file(), content);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is damaged. Stop the gateway and restore the file from a backup");
    }

    @Test
    void refusesADatabaseOfSomethingElse() throws SQLException {
        try (Connection other = DriverManager.getConnection(url())) {
            other.createStatement().execute("CREATE TABLE songs (title TEXT)");
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("not a job store of Ray Gateway");
    }

    @Test
    void refusesAFileThatANewerVersionWrote() throws SQLException {
        open().close();
        try (Connection other = DriverManager.getConnection(url())) {
            other.createStatement().execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("was written by a newer Ray Gateway: it has schema version 99, this one knows ");
    }

    @Test
    void refusesADirectoryThatCannotBeMade() throws IOException {
        Path blocked = Files.writeString(directory.resolve("blocked"), "a file, not a directory");
        assertThatThrownBy(() -> SqliteJobStore.open(SqliteSettings.of(blocked.resolve("jobs.db"))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("check that its directory can be made and written to");
    }

    @Test
    void keepsSoManyEventsOfAJobAndItsEndingAlways() {
        Job job = job();
        Instant now = Instant.now();
        try (JobStore store = SqliteJobStore.open(new SqliteSettings(file(), Duration.ofSeconds(10), 9, 9, 1, 4))) {
            store.admit(List.of(new Submission(job, null, "hash")));
            store.take(List.of(job.id()), Map.of(job.simulationType(), 1));
            List<StatusEvent> events = new ArrayList<>();
            for (int i = 1; i <= 6; i++) {
                events.add(new StatusEvent(job.id(), JobStatus.RUNNING, i, 1, i, null, null, now));
            }
            assertThat(store.apply(events).effective()).hasSize(6);
            assertThat(store.find(job.id()).orElseThrow().progress()).isEqualTo(6);
            store.apply(List.of(new StatusEvent(job.id(), JobStatus.FAILED, -1, 1, 7, "failed", null, now)));
            assertThat(store.events(job.id(), EventPosition.START, 100))
                    .extracting(StatusEvent::sequence)
                    .containsExactly(0L, 0L, 1L, 2L, 3L, 7L);
        }
    }

    private Job job() {
        Instant now = Instant.now();
        return new Job(JobId.next(), "pi", "{}", JobStatus.SUBMITTED, 0, 0, 0, "alice", null, now, now, null, false);
    }

    private JobStore open() {
        return SqliteJobStore.open(SqliteSettings.of(file()));
    }

    private Path file() {
        return directory.resolve("jobs.db");
    }

    private String url() {
        return "jdbc:sqlite:" + file();
    }
}
