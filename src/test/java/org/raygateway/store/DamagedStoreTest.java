package org.raygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;

/** A store whose file is damaged, full or emptied under it. */
class DamagedStoreTest {
    private static final int HEADER_PAGE = 4_096;

    @TempDir
    Path directory;

    private JobStore store;

    @BeforeEach
    void open() {
        store = SqliteJobStore.open(SqliteSettings.of(file()));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Path file() {
        return directory.resolve("jobs.db");
    }

    private static Submission submission() {
        Instant now = Instant.now();
        Job job = new Job(JobId.next(), "pi", "{}", JobStatus.SUBMITTED, 0, 0, 0, "alice", null, now, now, null, false);
        return new Submission(job, null, null);
    }

    private void moveLogIntoFile() throws Exception {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    private void overwritePages() throws Exception {
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            ByteBuffer page = ByteBuffer.allocate(HEADER_PAGE);
            while (page.hasRemaining()) {
                page.put((byte) 0x5a);
            }
            for (long at = HEADER_PAGE; at < channel.size(); at += HEADER_PAGE) {
                channel.write(page.rewind(), at);
            }
        }
    }

    @Test
    void refusesJobsOnceItHasSeenDamageAndSaysWhatToDo() throws Exception {
        List<Submission> many = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            many.add(submission());
        }
        store.admit(many);
        moveLogIntoFile();
        overwritePages();

        String text = file() + " is damaged. Stop the gateway and restore the file from a backup, or move it away";
        assertThatThrownBy(() -> store.find(many.get(1_000).job().id()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(text);
        assertThatThrownBy(() -> store.admit(List.of(submission())))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(text);
        assertThatThrownBy(() -> store.ping(Duration.ofSeconds(5))).hasMessageContaining(text);
    }

    @Test
    void isWellWhileItsFileIsWell() {
        store.admit(List.of(submission()));
        store.ping(Duration.ofSeconds(5));
        assertThat(store.countActive()).isEqualTo(1);
    }

    @Test
    void doesNotTakeAnEmptyFileForANewStore() throws Exception {
        store.admit(List.of(submission()));
        store.close();
        Files.write(file(), new byte[0]);

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("The job store " + file() + " is empty (0 bytes), as only damage leaves it")
                .hasMessageContaining("Restore it from a backup, or move it");
        assertThat(file()).isEmptyFile();
    }

    @Test
    void opensWhereAKillCameBeforeTheFirstStoreWasMade() throws Exception {
        store.close();
        Files.delete(file());
        Files.write(directory.resolve("jobs.db.new"), new byte[0]);

        open();

        store.admit(List.of(submission()));
        assertThat(store.countActive()).isEqualTo(1);
    }
}
