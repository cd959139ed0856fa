package org.raygateway.ray.driver;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.raygateway.driver.v1.Computation;
import org.raygateway.ray.actor.Assignment;
import org.raygateway.ray.actor.StopReason;

/** What the driver needs of Ray. Failures of Ray itself are unchecked exceptions. */
interface Actors extends AutoCloseable {
    /** An actor that runs one job and then ends: named after the job, with the resources the catalogue gives it. */
    Actor dedicated(Computation computation, Assignment assignment);

    /** An actor without a name that runs one job after the other. */
    Actor pooled(Computation computation);

    /**
     * The actor to hand a run to: its warm one, or a new one where it has none or that died while it had nothing to do. What is not
     * there has surely not begun the run, so that it costs no attempt.
     */
    default Actor readyFor(Run run) {
        if (run.actor != null && run.actor.isThere()) {
            return run.actor;
        }
        if (run.actor != null) {
            run.actor.end();
        }
        return make(run);
    }

    private Actor make(Run run) {
        return run.pooled() ? pooled(run.computation) : dedicated(run.computation, run.assignment);
    }

    /** Dedicated actors that a driver before this one started and that still run, or ended since; what is of no use is ended. */
    List<Found> find();

    /** Whether the run goes on without this driver, to be found by the next. */
    boolean outliveDriver(Run run);

    /** Those of the calls that have begun or ended since they were last asked, waiting until one has, or the time is over. */
    Set<Call> changed(Collection<Call> calls, Duration patience);

    /** What an actor that has not begun waits for. */
    String whyWaiting(Computation computation);

    /** Whether there is a node that could run it, if nothing else did. */
    boolean mayRun(Computation computation);

    /** Why Ray cannot take work now; empty where it can. Answers at once. */
    Optional<String> whyNotReady();

    @Override
    void close();

    /**
     * An actor that was found.
     *
     * @param elapsed time since its execution began
     */
    record Found(Assignment assignment, Actor actor, Call call, Duration elapsed) {}

    /** A handle of an actor. */
    interface Actor {
        /** Whether a warm actor still answers. Waits a moment, unless it has answered just before. */
        boolean isThere();

        /** Starts an execution; does not wait. */
        Call run(Assignment assignment, String parameters);

        /** Asks an execution to stop; does not wait. */
        void stop(Assignment assignment, StopReason reason);

        /** Ends an actor that runs nothing. */
        void end();

        /** Ends an actor that still runs an execution: by force where Ray can, and silently. May take a moment. */
        void kill(Assignment running);
    }

    /** An execution's call. */
    interface Call {
        /** Whether its actor is there and has the call. */
        boolean hasBegun();

        boolean hasEnded();

        /**
         * How an ended call ended, and forgets it: only to be asked once.
         *
         * @return the terminal status message; empty where the actor kept silent
         * @throws ActorLostException where the actor's process died
         * @throws RuntimeException where the actor failed
         */
        Optional<String> outcome();
    }
}
