package org.raygateway.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.sqlite.ProgressHandler;

/** A fixed set of read-only connections. Look-ups never wait for the writer (WAL), only for one of these. */
final class SqliteReaders implements AutoCloseable {
    private static final int STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 20_000;

    private final BlockingQueue<Reader> idle;
    private final List<Reader> all = new ArrayList<>();
    private final Duration deadline;
    private final SqliteErrors errors;
    private volatile boolean closed;

    SqliteReaders(SqliteFile file, SqliteSettings settings, SqliteErrors errors) throws SQLException {
        this.idle = new ArrayBlockingQueue<>(settings.readers());
        this.deadline = settings.deadline();
        this.errors = errors;
        for (int i = 0; i < settings.readers(); i++) {
            all.add(new Reader(file.connectReadOnly()));
        }
        idle.addAll(all);
    }

    <T> T run(SqliteWork<T> work) {
        long end = System.nanoTime() + deadline.toNanos();
        Reader reader = borrow();
        try {
            reader.end = end;
            return work.run(reader.sql);
        } catch (SQLException failure) {
            reader.sql.forget();
            errors.noteFailure(failure);
            throw errors.explain(failure);
        } finally {
            idle.add(reader);
        }
    }

    private Reader borrow() {
        try {
            Reader reader = closed ? null : idle.poll(deadline.toNanos(), TimeUnit.NANOSECONDS);
            if (reader != null) {
                return reader;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException("A look-up in the job store was interrupted", interrupted);
        }
        throw new StoreException(
                closed
                        ? "The job store is closed"
                        : "The job store is overloaded: no look-up could begin within " + deadline
                                + ". Try again later",
                null);
    }

    /** Waits for look-ups under way, each of which ends by its deadline. */
    @Override
    public void close() {
        closed = true;
        try {
            for (int open = all.size(); open > 0; open--) {
                Reader reader = idle.poll(deadline.toNanos(), TimeUnit.NANOSECONDS);
                if (reader != null) {
                    reader.sql.close();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (SQLException failure) {
            throw errors.explain(failure);
        }
    }

    /** A connection whose statements SQLite interrupts at a time. Used by one thread at once. */
    private static final class Reader {
        private final SqliteStatements sql;
        private long end;

        Reader(Connection connection) throws SQLException {
            sql = new SqliteStatements(connection);
            ProgressHandler.setHandler(connection, STEPS_BETWEEN_LOOKS_AT_THE_CLOCK, new ProgressHandler() {
                @Override
                protected int progress() {
                    return System.nanoTime() - end > 0 ? 1 : 0;
                }
            });
        }
    }
}
