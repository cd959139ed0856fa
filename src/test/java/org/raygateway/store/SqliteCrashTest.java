package org.raygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.job.EventPosition;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

/** Kills a process (SIGKILL) in the middle of its work and looks for all that it was told is durable. */
class SqliteCrashTest {
    private static final int LINES_BEFORE_THE_KILL = 600;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void keepsAllThatWasAcknowledgedBeforeTheProcessWasKilled() throws Exception {
        Path file = directory.resolve("jobs.db");
        List<String> acknowledged = acknowledgedBeforeTheKill(file);
        try (JobStore store = SqliteJobStore.open(SqliteSettings.of(file))) {
            assertThat(acknowledged)
                    .hasSizeGreaterThanOrEqualTo(LINES_BEFORE_THE_KILL)
                    .allSatisfy(line -> assertIsThere(store, line));
        }
    }

    private static void assertIsThere(JobStore store, String line) {
        String[] words = line.split(" ");
        JobId id = JobId.of(words[1]);
        Job job = store.find(id).orElseThrow();
        switch (words[0]) {
            case "admitted" -> assertThat(job.requester()).isEqualTo("alice");
            case "claimed" -> assertThat(job.attempt()).isEqualTo(1);
            default -> {
                assertThat(job.status()).isEqualTo(JobStatus.COMPLETED);
                assertThat(store.result(id)).contains("{\"job\":\"" + id + "\"}");
                assertThat(store.events(id, EventPosition.START, 10)).hasSize(3);
            }
        }
    }

    private static List<String> acknowledgedBeforeTheKill(Path file) throws IOException, InterruptedException {
        Process worker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = worker.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (!line.matches("(admitted|claimed|completed) [0-9a-f-]{36}")) {
                    continue;
                }
                lines.add(line);
                if (lines.size() == LINES_BEFORE_THE_KILL) {
                    // Not through Process, which would close the pipe with lines still in it.
                    worker.toHandle().destroyForcibly();
                }
            }
        } finally {
            worker.destroyForcibly().waitFor();
        }
        return lines;
    }

    /** Runs jobs through their lives in several threads and says what it was told, until it is killed. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] arguments) {
            JobStore store = SqliteJobStore.open(SqliteSettings.of(Path.of(arguments[0])));
            for (int i = 0; i < 4; i++) {
                new Thread(() -> work(store)).start();
            }
        }

        private static void work(JobStore store) {
            while (true) {
                Instant now = Instant.now();
                JobId id = JobId.next();
                store.admit(List.of(new Submission(
                        new Job(id, "pi", "{}", JobStatus.SUBMITTED, 0, 0, 0, "alice", null, now, now, null, false),
                        null,
                        "hash")));
                say("admitted", id);
                store.take(List.of(id), Map.of("pi", 1));
                say("claimed", id);
                String result = "{\"job\":\"" + id + "\"}";
                store.apply(List.of(new StatusEvent(id, JobStatus.COMPLETED, 100, 1, 1, null, result, now)));
                say("completed", id);
            }
        }

        private static void say(String what, JobId id) {
            System.out.println(what + " " + id);
            System.out.flush();
        }
    }
}
