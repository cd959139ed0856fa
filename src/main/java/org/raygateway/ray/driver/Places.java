package org.raygateway.ray.driver;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    /**
     * One computation may hold so many times what is left free: three quarters of all places where it is alone, and there is always
     * one for another.
     */
    private static final int SHARE = 3;

    /** So many executions of a computation may wait for the cluster's resources at once, and more the more of them run. */
    private static final int BEGINNERS = 4;

    private static final class Held {
        int places;
        int begun;
        int ahead;
    }

    private final RayDriverSettings settings;
    private final Pools pools;
    private final Map<String, Held> byComputation = new HashMap<>();
    private final Deque<Run> waiting = new ArrayDeque<>();
    /** Those that have waited long for resources of the cluster. */
    private final Set<Run> hungry = new HashSet<>();

    private int taken;
    private int stuck;

    Places(RayDriverSettings settings) {
        this.settings = settings;
        this.pools = new Pools(settings.poolSize());
    }

    private Held held(Computation computation) {
        return byComputation.computeIfAbsent(computation.getName(), name -> new Held());
    }

    boolean hasOneFor(Run run) {
        return whyNot(run.computation) == null;
    }

    /** Null where there is one. */
    private String whyNot(Computation computation) {
        Held held = held(computation);
        if (held.places >= SHARE * (settings.maxActive() - taken)) {
            return computation.getName() + " holds " + held.places + " of the driver's " + settings.maxActive()
                    + " places, of which " + taken + " are taken";
        }
        if (Run.isPooled(computation)) {
            return pools.hasRoom(computation)
                    ? null
                    : "all " + settings.poolSize() + " warm actors of " + computation.getName() + " are busy";
        }
        int beginners = held.places - held.begun;
        return beginners < BEGINNERS + held.begun / BEGINNERS
                ? null
                : beginners + " executions of " + computation.getName() + " wait for resources of the cluster";
    }

    String whatIsMissing(Computation computation) {
        String missing = whyNot(computation);
        return missing == null ? "its turn" : missing;
    }

    /** Whether it may wait here for a warm actor. */
    boolean mayWait(Run run) {
        return run.pooled() && held(run.computation).ahead < settings.takenAhead();
    }

    /** Gives the run a place, and a warm actor where there is one. Actors that have no further use are added. */
    void take(Run run, List<Actors.Actor> outdated) {
        taken++;
        held(run.computation).places++;
        run.state = Run.State.STARTING;
        run.setTimer(null);
        if (run.pooled()) {
            run.actor = pools.take(run.computation, outdated);
        }
    }

    void begun(Run run) {
        hungry.remove(run);
        run.state = Run.State.RUNNING;
        held(run.computation).begun++;
    }

    /** Nobody waits for what the run says any more; it keeps its place until it ends. Its pool makes another actor. */
    void giveUp(Run run) {
        run.givenUp = true;
        hungry.remove(run);
        run.setTimer(null);
        stuck++;
        if (run.pooled()) {
            pools.giveBack(run.computation, null);
        }
    }

    /** Returns the actor where it has no further use and is to be ended. */
    Actors.Actor release(Run run, Actors.Actor reusableOrNull) {
        taken--;
        hungry.remove(run);
        Held held = held(run.computation);
        held.places--;
        held.begun -= run.state == Run.State.RUNNING ? 1 : 0;
        run.state = Run.State.ENDED;
        run.setTimer(null);
        if (run.givenUp) {
            stuck--;
            return run.actor;
        }
        boolean kept = run.pooled() && pools.giveBack(run.computation, reusableOrNull);
        return kept ? null : run.actor;
    }

    void queue(Run run) {
        waiting.addLast(run);
        held(run.computation).ahead++;
    }

    void leaveQueue(Run run) {
        if (waiting.remove(run)) {
            held(run.computation).ahead--;
        }
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
                held(next.computation).ahead--;
                return next;
            }
        }
        return null;
    }

    void emptyQueue() {
        List.copyOf(waiting).forEach(this::leaveQueue);
    }

    /** Notes that a run waits for resources, and gives the warm actors that hold some and have nothing to do. */
    List<Actors.Actor> makeRoomFor(Run run) {
        hungry.add(run);
        return pools.takeIdle();
    }

    /**
     * Whether the actor of this run, which has ended, goes although there may be more for it to do: a pool with work without end would
     * keep its resources for ever from others who wait for them.
     */
    boolean givesWay(Run run) {
        String name = run.computation.getName();
        return run.pooled()
                && hungry.stream()
                        .anyMatch(other -> !other.computation.getName().equals(name));
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
