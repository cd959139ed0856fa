package org.raygateway.ray.driver;

import java.time.Duration;
import java.util.Collection;
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

    /** Those of the calls that have ended, waiting until one has, or the time is over. */
    Set<Call> ended(Collection<Call> calls, Duration patience);

    @Override
    void close();

    /** A handle of an actor. */
    interface Actor {
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
        /**
         * How an ended call ended, and forgets it: only to be asked once.
         *
         * @return the terminal status message; empty where the actor kept silent
         * @throws RuntimeException where the actor died
         */
        Optional<String> outcome();
    }
}
