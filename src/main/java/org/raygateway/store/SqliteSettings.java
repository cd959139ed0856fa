package org.raygateway.store;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the SQLite job store runs.
 *
 * @param file the database; it and its directory are made where missing
 * @param deadline how long any call may wait for its turn and its answer
 * @param waitingChanges most changes that wait for the writer at one time; further callers wait within their deadline
 * @param changesPerCommit most changes that share one commit
 * @param readers connections for look-ups
 * @param eventsPerJob most events kept for one job; beyond it RUNNING ones move the job but are not kept for replay
 */
public record SqliteSettings(
        Path file, Duration deadline, int waitingChanges, int changesPerCommit, int readers, int eventsPerJob) {

    public SqliteSettings {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("the job store's deadline must be positive, got " + deadline);
        }
        positive("waitingChanges", waitingChanges);
        positive("changesPerCommit", changesPerCommit);
        positive("readers", readers);
        positive("eventsPerJob", eventsPerJob);
    }

    /** Bounds that suit one gateway: 10 s, 4,096 waiting, 512 a commit, 4 readers, 10,000 events a job. */
    public static SqliteSettings of(Path file) {
        return new SqliteSettings(file, Duration.ofSeconds(10), 4096, 512, 4, 10_000);
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("the job store's " + name + " must be positive, got " + value);
        }
    }
}
