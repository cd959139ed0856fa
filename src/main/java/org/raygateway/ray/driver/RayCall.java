package org.raygateway.ray.driver;

import io.ray.api.ObjectRef;
import io.ray.api.exception.RayActorException;
import io.ray.api.exception.RayException;
import io.ray.api.exception.RayWorkerException;
import io.ray.api.exception.UnreconstructableException;
import java.time.Duration;
import java.util.Optional;
import org.raygateway.ray.actor.ComputationActor;
import org.raygateway.ray.actor.Situation;

/** An execution's call on Ray: what is waited for next, and what came of it. */
abstract class RayCall implements Actors.Call {
    private static final int LOOK_MS = 10_000;

    /** What {@code Ray.wait} is to wait for. */
    abstract ObjectRef<?> next();

    /** {@link #next()} has come; returns whether the call has begun or ended with it. Used by one thread. */
    abstract boolean advance();

    static String get(ObjectRef<String> ref) {
        try {
            return ref.get();
        } catch (RayActorException | RayWorkerException | UnreconstructableException lost) {
            throw new ActorLostException(lost);
        } catch (RayException failed) {
            // As such, and not as one of its kinds, it says that the actor could not be made, as on a node that has
            // just come.
            throw failed.getClass() == RayException.class ? new ActorLostException(failed) : failed;
        }
    }

    static Optional<String> terminal(String json) {
        return Optional.of(json).filter(text -> !text.equals(ComputationActor.NO_TERMINAL));
    }

    /** A call that this driver made. */
    static final class Made extends RayCall {
        private final ObjectRef<String> run;
        private final Runnable forget;
        private ObjectRef<String> beginOrNull;
        private volatile boolean begun;
        private volatile long endedNanos;
        private volatile boolean ended;

        /**
         * @param beginOrNull comes when the actor is there; null where it is there already
         * @param forget frees what the call returned
         */
        Made(ObjectRef<String> run, ObjectRef<String> beginOrNull, Runnable forget) {
            this.run = run;
            this.beginOrNull = beginOrNull;
            this.begun = beginOrNull == null;
            this.forget = forget;
        }

        @Override
        ObjectRef<?> next() {
            return beginOrNull == null ? run : beginOrNull;
        }

        @Override
        boolean advance() {
            if (beginOrNull == null) {
                endedNanos = System.nanoTime();
                ended = true;
            } else {
                beginOrNull = null;
                begun = true;
            }
            return true;
        }

        @Override
        public boolean hasBegun() {
            return begun;
        }

        @Override
        public boolean hasEnded() {
            return ended;
        }

        boolean endedWithin(Duration time) {
            return ended && System.nanoTime() - endedNanos < time.toNanos();
        }

        @Override
        public Optional<String> outcome() {
            try {
                return terminal(get(run));
            } finally {
                forget.run();
            }
        }
    }

    /**
     * A run that another driver started: its result was that driver's, so the actor is asked. A look ends after a while, so that a
     * driver that dies keeps none of the actor's threads.
     */
    static final class Adopted extends RayCall {
        private final RemoteActor actor;
        private ObjectRef<String> look;
        private RuntimeException failure;
        private Situation last;
        private volatile boolean ended;

        Adopted(RemoteActor actor) {
            this.actor = actor;
            this.look = actor.describe(LOOK_MS);
        }

        @Override
        ObjectRef<?> next() {
            return look;
        }

        @Override
        boolean advance() {
            try {
                last = Situation.parse(get(look));
                if (!last.ended()) {
                    look = actor.describe(LOOK_MS);
                    return false;
                }
            } catch (RuntimeException failed) {
                failure = failed;
            }
            ended = true;
            return true;
        }

        @Override
        public boolean hasBegun() {
            return true;
        }

        @Override
        public boolean hasEnded() {
            return ended;
        }

        @Override
        public Optional<String> outcome() {
            if (failure != null) {
                throw failure;
            }
            return terminal(last.terminal());
        }
    }
}
