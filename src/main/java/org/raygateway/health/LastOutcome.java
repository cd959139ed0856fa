package org.raygateway.health;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.raygateway.health.PartHealth.State;

/** Remembers whether the last use of something outside worked. */
public final class LastOutcome {
    private final Predicate<Throwable> isAnswer;
    private volatile String failure;

    /** @param isAnswer tells failures that only say no, such as that there is no room: what says so works */
    public LastOutcome(Predicate<Throwable> isAnswer) {
        this.isAnswer = isAnswer;
    }

    /** Wraps a use so that its outcome is remembered. */
    public <T> Consumer<T> watching(Consumer<T> use) {
        return value -> {
            try {
                use.accept(value);
                failure = null;
            } catch (RuntimeException failed) {
                failure = isAnswer.test(failed) ? null : failed.getClass().getSimpleName();
                throw failed;
            }
        };
    }

    public State state() {
        String last = failure;
        return last == null ? new State(true, "ok") : new State(false, "the last use failed: " + last);
    }
}
