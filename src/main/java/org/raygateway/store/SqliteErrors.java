package org.raygateway.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.raygateway.logging.Outage;
import org.raygateway.storage.SqliteFailure;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Turns SQLite's failures into words that say what to do, and remembers those that are the file's or the disk's fault: the log is told
 * of them here, once for all callers. SQLite's own text stays in the cause: it may quote data.
 */
final class SqliteErrors {
    private static final long RECENT = Duration.ofSeconds(5).toNanos();

    private final Path file;
    private final Outage outage = new Outage(LoggerFactory.getLogger(SqliteJobStore.class), Level.ERROR);
    /** Stays until the gateway is started again: no write mends it, though many still succeed. */
    private volatile String damage;

    private volatile Failure last;

    private record Failure(String text, long at) {}

    SqliteErrors(Path file) {
        this.file = file;
    }

    StoreException explain(Throwable failure) {
        if (failure instanceof StoreException explained) {
            return new StoreException(explained.getMessage(), explained);
        }
        if (failure instanceof SQLException sql) {
            return new StoreException(describe(sql), sql);
        }
        return new StoreException(
                "The job store " + file + " failed: " + failure.getClass().getSimpleName(), failure);
    }

    private String describe(SQLException failure) {
        return "The job store " + file + " " + SqliteFailure.reason(failure);
    }

    /** To be told of every failure; those of a single change are passed over. */
    void noteFailure(Throwable failure) {
        if (!SqliteFailure.isOfStorage(failure)) {
            return;
        }
        String text = describe((SQLException) failure);
        if (SqliteFailure.isDamage(failure)) {
            damage = text;
        }
        last = new Failure(text, System.nanoTime());
        outage.failed(text);
    }

    /** To be told of every commit. */
    void noteSuccess() {
        if (last != null && damage == null) {
            last = null;
            outage.over("The job store " + file + " takes changes again");
        }
    }

    /** Refuses once damage was seen: a store that lost something must not promise to keep more. */
    void requireUndamaged() {
        if (damage != null) {
            outage.failed(damage);
            throw new StoreException(damage, null);
        }
    }

    /** Refuses while it is known that storage does not work; a failure of the last seconds counts as known. */
    void requireNoneKnown() {
        requireUndamaged();
        Failure known = last;
        if (known != null && System.nanoTime() - known.at < RECENT) {
            throw new StoreException(known.text, null);
        }
    }
}
