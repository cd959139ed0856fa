package org.raygateway.ray.driver;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import org.raygateway.driver.v1.Computation;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.ray.actor.Assignment;

/** An execution as the driver sees it. Fields that change are guarded by {@link Executions}. */
final class Run {
    enum State {
        WAITING,
        STARTING,
        /** Ray has the call, but no actor yet to run it. */
        CALLED,
        RUNNING,
        ENDED
    }

    final Assignment assignment;
    final Computation computation;
    final String parameters;
    final CompletableFuture<SubmitReply> reply = new CompletableFuture<>();

    State state = State.WAITING;
    /** Done when the actor of an older attempt has given up the name that this one needs. */
    CompletableFuture<Void> predecessorGone = CompletableFuture.completedFuture(null);

    Actors.Actor actor;
    Actors.Call call;
    ScheduledFuture<?> timer;
    boolean cancelRequested;
    /** Nobody waits for what it says any more: a newer attempt came, or the driver had the last word. */
    boolean givenUp;

    Run(Assignment assignment, Computation computation, String parameters) {
        this.assignment = assignment;
        this.computation = computation;
        this.parameters = parameters;
    }

    boolean pooled() {
        return computation.getIsolation() == Computation.Isolation.POOLED;
    }

    void setTimer(ScheduledFuture<?> next) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = next;
    }
}
