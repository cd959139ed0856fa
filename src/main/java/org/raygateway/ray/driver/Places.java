package org.raygateway.ray.driver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.raygateway.driver.v1.Computation;
import org.raygateway.driver.v1.HealthReply;

/**
 * Who holds a place of the driver and who waits for one, first come first served among those that can start. Guarded by
 * {@link Executions}.
 *
 * <p>A place is taken from the start of an execution until its call has returned. One that will not stop keeps its place
 * although its job has ended, so that what runs in this JVM or cluster stays bounded whatever computations do.
 */
final class Places {
    private final RayDriverSettings settings;
    private final Pools pools;
    private final Deque<Run> waiting = new ArrayDeque<>();
    private int taken;
    private int stuck;

    Places(RayDriverSettings settings) {
        this.settings = settings;
        this.pools = new Pools(settings.poolSize());
    }

    boolean hasOneFor(Run run) {
        return taken < settings.maxActive() && (!run.pooled() || pools.hasRoom(run.computation));
    }

    String whatIsMissing(Computation computation) {
        if (taken >= settings.maxActive()) {
            return "all " + settings.maxActive() + " places of the driver are taken";
        }
        return "all " + settings.poolSize() + " warm actors of " + computation.getName() + " are busy";
    }

    /** Gives the run a place, and a warm actor where there is one. Actors that have no further use are added. */
    void take(Run run, List<Actors.Actor> outdated) {
        taken++;
        run.state = Run.State.STARTING;
        run.setTimer(null);
        if (run.pooled()) {
            run.actor = pools.take(run.computation, outdated);
        }
    }

    /** Nobody waits for what the run says any more; it keeps its place until it ends. Its pool makes another actor. */
    void giveUp(Run run) {
        run.givenUp = true;
        run.setTimer(null);
        stuck++;
        if (run.pooled()) {
            pools.giveBack(run.computation, null);
        }
    }

    /** Returns the actor where it has no further use and is to be ended. */
    Actors.Actor release(Run run, Actors.Actor reusableOrNull) {
        taken--;
        run.state = Run.State.ENDED;
        run.setTimer(null);
        if (run.givenUp) {
            stuck--;
            return run.actor;
        }
        boolean kept = run.pooled() && pools.giveBack(run.computation, reusableOrNull);
        return kept ? null : run.actor;
    }

    boolean queueIsFull() {
        return waiting.size() >= settings.maxWaiting();
    }

    void queue(Run run) {
        waiting.addLast(run);
    }

    void leaveQueue(Run run) {
        waiting.remove(run);
        run.setTimer(null);
        run.state = Run.State.ENDED;
    }

    /** Takes the next run that can start out of the queue; null where none can. */
    Run nextFromQueue() {
        Iterator<Run> queue = waiting.iterator();
        while (taken < settings.maxActive() && queue.hasNext()) {
            Run next = queue.next();
            if (hasOneFor(next)) {
                queue.remove();
                return next;
            }
        }
        return null;
    }

    List<Run> emptyQueue() {
        List<Run> all = List.copyOf(waiting);
        all.forEach(this::leaveQueue);
        return all;
    }

    List<Actors.Actor> takeIdleActors() {
        return pools.takeIdle();
    }

    HealthReply.Builder health() {
        boolean allStuck = stuck >= settings.maxActive();
        return HealthReply.newBuilder()
                .setReady(!allStuck)
                .setReason(allStuck ? "all " + stuck + " places are held by executions that do not stop" : "")
                .setRayMode(settings.mode().toString())
                .setActive(taken)
                .setCapacity(settings.maxActive());
    }
}
