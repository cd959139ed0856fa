package org.raygateway.ray.driver;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.raygateway.driver.v1.Computation;
import org.raygateway.ray.actor.Assignment;
import org.raygateway.ray.actor.StopReason;

/** Actors whose fate the test decides. */
final class FakeActors implements Actors {
    final List<FakeCall> calls = new CopyOnWriteArrayList<>();
    final List<String> killed = new CopyOnWriteArrayList<>();
    final List<StopReason> stops = new CopyOnWriteArrayList<>();
    volatile int made;
    volatile int endedIdle;
    final List<Found> left = new CopyOnWriteArrayList<>();
    volatile boolean down;
    /** Actors do not begin by themselves. */
    volatile boolean scarce;

    /** Warm actors died while they had nothing to do. */
    volatile boolean idleDied;

    volatile int askedWhetherItMayRun;
    volatile String whyNotReady;

    static final class FakeCall implements Call {
        final CompletableFuture<Optional<String>> outcome = new CompletableFuture<>();
        volatile boolean begun;
        private boolean seenBegun;

        FakeCall(boolean begun) {
            this.begun = begun;
            this.seenBegun = begun;
        }

        @Override
        public boolean hasBegun() {
            return begun;
        }

        @Override
        public boolean hasEnded() {
            return outcome.isDone();
        }

        boolean beganLately() {
            boolean lately = begun && !seenBegun;
            seenBegun = begun;
            return lately;
        }

        @Override
        public Optional<String> outcome() {
            try {
                return outcome.get();
            } catch (ExecutionException death) {
                throw (RuntimeException) death.getCause();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    private final class FakeActor implements Actor {
        private volatile FakeCall call = new FakeCall(!scarce);

        @Override
        public boolean isThere() {
            return !idleDied;
        }

        @Override
        public Call run(Assignment assignment, String parameters) {
            if (call.hasEnded()) {
                call = new FakeCall(!scarce);
            }
            calls.add(call);
            return call;
        }

        @Override
        public void stop(Assignment assignment, StopReason reason) {
            stops.add(reason);
        }

        @Override
        public void end() {
            endedIdle++;
        }

        @Override
        public void kill(Assignment running) {
            killed.add(running.job() + ":" + running.attempt());
            call.outcome.complete(Optional.empty());
        }
    }

    @Override
    public Actor dedicated(Computation computation, Assignment assignment) {
        return make();
    }

    @Override
    public Actor pooled(Computation computation) {
        return make();
    }

    private synchronized Actor make() {
        if (down) {
            throw new IllegalStateException("the raylet is gone");
        }
        made++;
        return new FakeActor();
    }

    @Override
    public List<Found> find() {
        return left;
    }

    @Override
    public boolean outliveDriver(Run run) {
        return !run.pooled();
    }

    @Override
    public String whyWaiting(Computation computation) {
        return "no node has room";
    }

    @Override
    public boolean mayRun(Computation computation) {
        askedWhetherItMayRun++;
        return true;
    }

    @Override
    public Optional<String> whyNotReady() {
        return Optional.ofNullable(whyNotReady);
    }

    @Override
    public Set<Call> changed(Collection<Call> running, Duration patience) {
        Set<Call> changed = new HashSet<>();
        for (Call call : running) {
            if (isDone((FakeCall) call, patience) || ((FakeCall) call).beganLately()) {
                changed.add(call);
            }
        }
        return changed;
    }

    private static boolean isDone(FakeCall call, Duration patience) {
        try {
            call.outcome.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException running) {
            return false;
        } catch (ExecutionException died) {
            return true;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {}
}
