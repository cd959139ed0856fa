package org.raygateway.dispatch;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Whether jobs may start at all: not while an operator holds dispatching or has suspended its route, nor while Ray is down. */
public final class DispatchSwitch {
    private final BooleanSupplier computeIsUp;
    private volatile boolean suspended = true;
    private volatile boolean held;
    private volatile Runnable whenOn = () -> {};

    public DispatchSwitch(BooleanSupplier computeIsUp) {
        this.computeIsUp = computeIsUp;
    }

    /** @param action is run whenever jobs may start again; must not take long */
    void whenOn(Runnable action) {
        whenOn = action;
    }

    boolean isOn() {
        return whyOff().isEmpty();
    }

    /** What jobs wait for, as a line for a person; empty while they may start. */
    Optional<String> whyOff() {
        if (suspended) {
            return Optional.of("waits in the queue: an operator has suspended dispatching");
        }
        if (held) {
            return Optional.of("waits for its turn: an operator holds dispatching");
        }
        return computeIsUp.getAsBoolean() ? Optional.empty() : Optional.of("waits: the compute service is unavailable");
    }

    /** The route that takes jobs out of the queue has stopped. */
    void suspend() {
        suspended = true;
    }

    void resume() {
        suspended = false;
        whenOn.run();
    }

    public void hold(boolean isHeld) {
        held = isHeld;
        whenOn.run();
    }

    /** Ray can be reached again. */
    public void computeIsBack() {
        whenOn.run();
    }
}
