package org.raygateway.ray.driver;

import io.ray.api.BaseActorHandle;
import io.ray.api.ObjectRef;
import io.ray.api.Ray;
import io.ray.api.call.ActorCreator;
import io.ray.api.call.BaseActorCreator;
import io.ray.api.call.PyActorCreator;
import io.ray.api.function.PyActorClass;
import io.ray.api.options.ActorLifetime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.raygateway.driver.v1.Computation;
import org.raygateway.driver.v1.Computation.Language;
import org.raygateway.ray.actor.Assignment;
import org.raygateway.ray.actor.ComputationActor;
import org.raygateway.ray.actor.StopReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Actors} on Ray, in either mode. */
final class RayActors implements Actors {
    private static final Logger LOG = LoggerFactory.getLogger(RayActors.class);

    /** One thread for the computation, one to be asked to stop, two for drivers that look, one of which may just have died. */
    private static final int CONCURRENCY = 4;

    private static final int STOP_PATIENCE_MS = 1_000;

    /** An idle actor answers within a millisecond; one on a node that is gone, never. */
    private static final int LOOK_PATIENCE_MS = 1_000;

    /** So lately heard of, an actor is handed the next run unasked: under load no run waits for a look. */
    private static final Duration LATELY = Duration.ofMillis(200);

    private final RaySession session;
    private final RayDriverSettings settings;
    private final String publisherName;
    private final ClusterWatch watchOrNull;

    /** @param whenLost is told once that Ray is gone for good from this JVM; never in LOCAL mode */
    RayActors(RayDriverSettings settings, String publisherName, Runnable whenLost) {
        this.session = RaySession.open(settings);
        this.settings = settings;
        this.publisherName = publisherName;
        this.watchOrNull = settings.mode() == RayMode.CLUSTER ? new ClusterWatch(settings.cluster(), whenLost) : null;
    }

    private boolean isLocal() {
        return watchOrNull == null;
    }

    @Override
    public Actor dedicated(Computation computation, Assignment assignment) {
        String name = assignment.jobId().actorName();
        if (!isLocal()) {
            NamedActors.free(name, settings.namespace());
        }
        return new Handle(
                computation.getLanguage() == Language.PYTHON
                        ? named(inPython(computation, assignment.toJson()), name)
                                .remote()
                        : named(inJava(computation, assignment.toJson()), name).remote(),
                name);
    }

    @Override
    public Actor pooled(Computation computation) {
        return new Handle(
                computation.getLanguage() == Language.PYTHON
                        ? inPython(computation, "").remote()
                        : inJava(computation, "").remote(),
                null);
    }

    private ActorCreator<ComputationActor> inJava(Computation computation, String assignment) {
        return withResources(
                Ray.actor(ComputationActor::new, computation.getEntryPoint(), publisherName, assignment), computation);
    }

    private static PyActorCreator inPython(Computation computation, String assignment) {
        PyActorClass type = PyActorClass.of(RemoteActor.InPython.MODULE, RemoteActor.InPython.CLASS);
        return withResources(Ray.actor(type, computation.getEntryPoint(), assignment), computation);
    }

    private <C extends BaseActorCreator<C>> C named(C creator, String name) {
        creator.setName(name, settings.namespace());
        if (!isLocal()) {
            creator.setLifetime(ActorLifetime.DETACHED);
        }
        return creator;
    }

    private static <C extends BaseActorCreator<C>> C withResources(C creator, Computation computation) {
        creator.setMaxConcurrency(CONCURRENCY);
        setResource(creator, "CPU", computation.getCpus());
        setResource(creator, "GPU", computation.getGpus());
        setResource(creator, "memory", computation.getMemoryBytes());
        return creator;
    }

    private static void setResource(BaseActorCreator<?> creator, String name, double amount) {
        if (amount > 0) {
            creator.setResource(name, amount);
        }
    }

    @Override
    public List<Found> find() {
        if (isLocal()) {
            return List.of();
        }
        List<Found> found = new ArrayList<>();
        NamedActors.findRunning(settings.namespace()).forEach((name, running) -> {
            Handle handle = new Handle(running.actor().handle(), name);
            Duration elapsed = Duration.ofMillis(running.situation().elapsedMs());
            Assignment assignment = Assignment.parse(running.situation().assignment());
            found.add(new Found(assignment, handle, new RayCall.Adopted(running.actor()), elapsed));
        });
        return found;
    }

    @Override
    public boolean outliveDriver(Run run) {
        return !isLocal() && !run.pooled();
    }

    @Override
    public Set<Call> changed(Collection<Call> calls, Duration patience) {
        Map<ObjectRef<?>, RayCall> byRef = new LinkedHashMap<>();
        calls.forEach(call -> byRef.put(((RayCall) call).next(), (RayCall) call));
        Set<Call> changed = new HashSet<>();
        for (ObjectRef<?> ready : waitForOne(byRef.keySet(), patience)) {
            RayCall call = byRef.get(ready);
            if (call.advance()) {
                changed.add(call);
            }
        }
        return changed;
    }

    @SuppressWarnings("unchecked")
    private static List<ObjectRef<Object>> waitForOne(Collection<ObjectRef<?>> refs, Duration patience) {
        List<ObjectRef<Object>> all = new ArrayList<>(refs.size());
        refs.forEach(ref -> all.add((ObjectRef<Object>) ref));
        return Ray.wait(all, 1, (int) patience.toMillis(), false).getReady();
    }

    @Override
    public String whyWaiting(Computation computation) {
        return isLocal() ? "its actor is starting" : watchOrNull.whyWaiting(computation);
    }

    @Override
    public boolean mayRun(Computation computation) {
        return isLocal() || watchOrNull.mayRun(computation);
    }

    @Override
    public Optional<String> whyNotReady() {
        return isLocal() ? Optional.empty() : watchOrNull.whyNotReady();
    }

    @Override
    public void close() {
        if (!isLocal()) {
            watchOrNull.close();
        }
        session.close();
    }

    private final class Handle implements Actor {
        private final BaseActorHandle handle;
        private final RemoteActor actor;
        private final String nameOrNull;
        private RayCall.Made lastCall;
        private ObjectRef<Boolean> lastStop;
        private boolean ended;

        Handle(BaseActorHandle handle, String nameOrNull) {
            this.handle = handle;
            this.actor = RemoteActor.of(handle);
            this.nameOrNull = nameOrNull;
        }

        @Override
        public boolean isThere() {
            boolean isThere = isLocal() || endedACallLately() || answers();
            if (!isThere) {
                LOG.warn("A warm actor was lost while it had nothing to do; another takes its place");
            }
            return isThere;
        }

        private boolean answers() {
            ObjectRef<String> look = actor.describe(0);
            if (Ray.wait(List.of(look), 1, LOOK_PATIENCE_MS, false).getReady().isEmpty()) {
                return false;
            }
            try {
                RayCall.get(look);
                return true;
            } catch (ActorLostException gone) {
                return false;
            }
        }

        private synchronized boolean endedACallLately() {
            return lastCall != null && lastCall.endedWithin(LATELY);
        }

        @Override
        public synchronized Call run(Assignment assignment, String parameters) {
            ObjectRef<String> run =
                    nameOrNull == null ? actor.runAssigned(assignment, parameters) : actor.runOwn(parameters);
            boolean isThere = isLocal() || lastCall != null && lastCall.hasBegun();
            lastCall = new RayCall.Made(run, isThere ? null : actor.describe(0), () -> forget(run));
            return lastCall;
        }

        @Override
        public synchronized void stop(Assignment assignment, StopReason reason) {
            if (ended) {
                return;
            }
            forgetStop();
            lastStop = actor.stop(assignment, reason.name());
        }

        @Override
        public synchronized void end() {
            ended = true;
            forgetStop();
            if (isLocal()) {
                LocalRay.end(handle, nameOrNull);
            } else {
                handle.kill(true);
            }
        }

        @Override
        public synchronized void kill(Assignment running) {
            if (ended) {
                return;
            }
            if (!isLocal() && lastCall != null && !lastCall.hasBegun()) {
                end();
                return;
            }
            stop(running, StopReason.ABANDONED);
            boolean heard = !Ray.wait(List.of(lastStop), 1, STOP_PATIENCE_MS, false)
                    .getReady()
                    .isEmpty();
            if (heard || !isLocal()) {
                end();
            }
        }

        private void forgetStop() {
            if (lastStop != null) {
                forget(lastStop);
                lastStop = null;
            }
        }
    }

    /** LOCAL mode keeps every returned object for ever unless it is told. */
    private void forget(ObjectRef<?> ref) {
        if (isLocal()) {
            Ray.internal().free(List.of(ref), false);
        }
    }
}
