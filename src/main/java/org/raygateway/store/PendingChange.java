package org.raygateway.store;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A change on its way through the writer. Either its caller abandons it or the writer begins it, never both. */
final class PendingChange<T> {
    private final SqliteWork<T> work;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final AtomicBoolean decided = new AtomicBoolean();
    private T value;

    PendingChange(SqliteWork<T> work) {
        this.work = work;
    }

    boolean abandon() {
        return decided.compareAndSet(false, true);
    }

    boolean begin() {
        return decided.compareAndSet(false, true);
    }

    /** Its answer is held back until {@link #succeed}: the commit may still fail. */
    void execute(SqliteStatements sql) throws SQLException {
        value = work.run(sql);
    }

    void succeed() {
        outcome.complete(value);
    }

    void fail(Throwable failure) {
        outcome.completeExceptionally(failure);
    }

    CompletableFuture<T> outcome() {
        return outcome;
    }
}
