package org.raygateway.health;

import java.util.function.Consumer;
import org.raygateway.health.PartHealth.State;

/** Remembers whether the last use of something outside worked. */
public final class LastOutcome {
    private volatile String failure;

    /** Wraps a use so that its outcome is remembered. */
    public <T> Consumer<T> watching(Consumer<T> use) {
        return value -> {
            try {
                use.accept(value);
                failure = null;
            } catch (RuntimeException failed) {
                failure = failed.getClass().getSimpleName();
                throw failed;
            }
        };
    }

    public State state() {
        String last = failure;
        return last == null ? new State(true, "ok") : new State(false, "the last use failed: " + last);
    }
}
