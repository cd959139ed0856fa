package org.raygateway.ray.driver;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import org.raygateway.driver.v1.Computation;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitRequest;
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

    static Run of(SubmitRequest request, RayDriverSettings settings) {
        Assignment assignment = new Assignment(
                request.getJobId(),
                request.getAttempt(),
                request.getComputation().getTimeoutMs(),
                request.getComputation().getGraceMs(),
                settings.progressInterval().toMillis(),
                request.getTraceparent());
        return new Run(assignment, request.getComputation(), request.getParametersJson());
    }

    /** One whose submit an earlier driver has answered. */
    static Run found(Actors.Found found) {
        Run run = new Run(found.assignment(), Computation.getDefaultInstance(), "");
        run.actor = found.actor();
        run.call = found.call();
        run.reply.complete(Replies.STARTED);
        return run;
    }

    boolean pooled() {
        return isPooled(computation);
    }

    static boolean isPooled(Computation computation) {
        return computation.getIsolation() == Computation.Isolation.POOLED;
    }

    /** Ends its actor, where there is one, though it runs. */
    void kill() {
        if (actor != null) {
            actor.kill(assignment);
        }
    }

    void setTimer(ScheduledFuture<?> next) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = next;
    }
}
