package org.raygateway.dispatch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** An operator's wish that no more jobs are started for now. Jobs are accepted meanwhile and wait. A restart forgets it. */
public final class DispatchHold {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Instant since;

    /** Holding twice changes nothing. */
    public void hold() {
        change(true);
    }

    public void resume() {
        change(false);
    }

    private void change(boolean held) {
        synchronized (this) {
            if (held == isHeld()) {
                return;
            }
            since = held ? Instant.now() : null;
        }
        listeners.forEach(Runnable::run);
    }

    public boolean isHeld() {
        return since != null;
    }

    /** @return nothing while dispatching goes on */
    public Optional<Instant> heldSince() {
        return Optional.ofNullable(since);
    }

    /** @param listener told of each change, on the thread of the operator's request; must not take long */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }
}
