package org.raygateway.ray.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.driver.v1.Execution.Begun;
import org.raygateway.job.JobId;
import org.raygateway.ray.actor.Assignment;
import org.raygateway.ray.driver.Beginnings.Known;

class BeginningsFileTest {
    @TempDir
    Path directory;

    private Path file;
    private BeginningsFile beginnings;

    @BeforeEach
    void open() {
        file = directory.resolve("begun.log");
        beginnings = BeginningsFile.open(file, JobId.next().toString());
    }

    /** As the next process does, whether this one closed the file or was killed. */
    private void reopen() {
        beginnings = BeginningsFile.open(file, JobId.next().toString());
    }

    private static Assignment execution(String job, int attempt) {
        return new Assignment(job, attempt, 1000, 1000, 100, "");
    }

    private static String newJob() {
        return JobId.next().toString();
    }

    @Test
    void tellsTheNextProcessWhatHadBegunInWhichAttempt() {
        String job = newJob();
        String interrupted = newJob();
        String ended = newJob();
        beginnings.begins(execution(job, 1));
        beginnings.begins(execution(job, 2));
        beginnings.begins(execution(interrupted, 3));
        beginnings.interrupted(execution(interrupted, 3));
        beginnings.begins(execution(ended, 1));
        beginnings.ended(execution(ended, 1));
        for (int restart = 0; restart < 3; restart++) {
            reopen();
            assertThat(beginnings.of(job)).isEqualTo(new Known(2, Begun.BEGAN, true));
            assertThat(beginnings.of(interrupted)).isEqualTo(new Known(3, Begun.INTERRUPTED, true));
            assertThat(beginnings.of(ended)).isEqualTo(new Known(1, Begun.BEGAN, true));
        }
    }

    @Test
    void isSureThatWhatItDoesNotKnowHasNotBegun() {
        String job = newJob();
        reopen();
        assertThat(beginnings.of(job)).isEqualTo(new Known(0, Begun.BEGUN_UNSPECIFIED, true));
    }

    @Test
    void isNotSureOfJobsThatAreOlderThanTheFile() throws IOException {
        String job = newJob();
        Files.delete(file);
        reopen();
        assertThat(beginnings.of(job)).isEqualTo(new Known(0, Begun.BEGUN_UNSPECIFIED, false));
        reopen();
        assertThat(beginnings.of(job).nothingLater()).isFalse();
    }

    @Test
    void passesOverARecordThatWasCutOffByTheEndOfItsProcess() throws IOException {
        String job = newJob();
        beginnings.begins(execution(job, 1));
        Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
        reopen();
        assertThat(beginnings.of(job).begun()).isEqualTo(Begun.BEGAN);
        String next = newJob();
        beginnings.begins(execution(next, 1));
        reopen();
        assertThat(beginnings.of(next).begun()).isEqualTo(Begun.BEGAN);
    }

    @Test
    void staysBoundedAndForgetsOnlyWhatEndedLongAgo() throws IOException {
        String running = newJob();
        beginnings.begins(execution(running, 1));
        List<String> ended = new ArrayList<>();
        for (int i = 0; i < 130_000; i++) {
            String job = newJob();
            ended.add(job);
            beginnings.begins(execution(job, 1));
            beginnings.ended(execution(job, 1));
        }
        assertThat(Files.size(file)).isLessThan(6_000_000);
        assertThat(beginnings.of(running).begun()).isEqualTo(Begun.BEGAN);
        assertThat(beginnings.of(ended.get(129_999)).begun()).isEqualTo(Begun.BEGAN);
        assertThat(beginnings.of(ended.get(0)))
                .as("forgotten, which it knows")
                .isEqualTo(new Known(0, Begun.BEGUN_UNSPECIFIED, false));
        assertThat(beginnings.of(newJob()).nothingLater()).isTrue();
    }

    @Test
    void letsNothingBeginThatItCannotRecord() {
        beginnings.close();
        assertThatThrownBy(() -> beginnings.begins(execution(newJob(), 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("begun.log");
    }
}
