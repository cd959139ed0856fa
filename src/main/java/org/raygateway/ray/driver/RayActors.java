package org.raygateway.ray.driver;

import io.ray.api.ActorHandle;
import io.ray.api.ObjectRef;
import io.ray.api.Ray;
import io.ray.api.call.ActorCreator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.raygateway.driver.v1.Computation;
import org.raygateway.ray.actor.Assignment;
import org.raygateway.ray.actor.ComputationActor;
import org.raygateway.ray.actor.StopReason;

/** {@link Actors} on Ray, in either mode. */
final class RayActors implements Actors {
    /** One thread for the computation, one to be asked to stop. */
    private static final int CONCURRENCY = 2;

    private static final int STOP_PATIENCE_MS = 1_000;

    private final RaySession session;
    private final RayDriverSettings settings;
    private final String publisherName;

    RayActors(RayDriverSettings settings, String publisherName) {
        this.session = RaySession.open(settings);
        this.settings = settings;
        this.publisherName = publisherName;
    }

    @Override
    public Actor dedicated(Computation computation, Assignment assignment) {
        String name = assignment.jobId().actorName();
        ActorHandle<ComputationActor> handle = creator(computation, assignment.toJson())
                .setName(name, settings.namespace())
                .remote();
        return new Handle(handle, name);
    }

    @Override
    public Actor pooled(Computation computation) {
        return new Handle(creator(computation, "").remote(), null);
    }

    private ActorCreator<ComputationActor> creator(Computation computation, String assignment) {
        ActorCreator<ComputationActor> creator = Ray.actor(
                        ComputationActor::new, computation.getEntryPoint(), publisherName, assignment)
                .setMaxConcurrency(CONCURRENCY);
        setResource(creator, "CPU", computation.getCpus());
        setResource(creator, "GPU", computation.getGpus());
        setResource(creator, "memory", computation.getMemoryBytes());
        return creator;
    }

    private static void setResource(ActorCreator<ComputationActor> creator, String name, double amount) {
        if (amount > 0) {
            creator.setResource(name, amount);
        }
    }

    @Override
    public Set<Call> ended(Collection<Call> calls, Duration patience) {
        List<ObjectRef<String>> refs = new ArrayList<>(calls.size());
        calls.forEach(call -> refs.add(((RayCall) call).ref));
        Set<ObjectRef<String>> ready = new HashSet<>(
                Ray.wait(refs, 1, (int) patience.toMillis(), false).getReady());
        Set<Call> ended = new HashSet<>();
        for (Call call : calls) {
            if (ready.contains(((RayCall) call).ref)) {
                ended.add(call);
            }
        }
        return ended;
    }

    @Override
    public void close() {
        session.close();
    }

    private final class Handle implements Actor {
        private final ActorHandle<ComputationActor> actor;
        private final String nameOrNull;
        private ObjectRef<Boolean> lastStop;
        private boolean ended;

        Handle(ActorHandle<ComputationActor> actor, String nameOrNull) {
            this.actor = actor;
            this.nameOrNull = nameOrNull;
        }

        @Override
        public Call run(Assignment assignment, String parameters) {
            boolean dedicated = nameOrNull != null;
            return new RayCall(
                    dedicated
                            ? actor.task(ComputationActor::run_simulation, parameters)
                                    .remote()
                            : actor.task(ComputationActor::run_assigned, assignment.toJson(), parameters)
                                    .remote());
        }

        @Override
        public synchronized void stop(Assignment assignment, StopReason reason) {
            if (ended) {
                return;
            }
            forgetStop();
            lastStop = actor.task(ComputationActor::stop, assignment.job(), assignment.attempt(), reason.name())
                    .remote();
        }

        @Override
        public synchronized void end() {
            ended = true;
            forgetStop();
            if (settings.mode() == RayMode.LOCAL) {
                LocalRay.end(actor, nameOrNull);
            } else {
                actor.kill(true);
            }
        }

        @Override
        public synchronized void kill(Assignment running) {
            if (ended) {
                return;
            }
            stop(running, StopReason.ABANDONED);
            boolean heard = !Ray.wait(List.of(lastStop), 1, STOP_PATIENCE_MS, false)
                    .getReady()
                    .isEmpty();
            if (heard || settings.mode() == RayMode.CLUSTER) {
                end();
            }
        }

        private void forgetStop() {
            if (lastStop != null) {
                free(lastStop);
                lastStop = null;
            }
        }
    }

    /** LOCAL mode keeps every returned object for ever unless it is told. */
    private static void free(ObjectRef<?> ref) {
        Ray.internal().free(List.of(ref), false);
    }

    private record RayCall(ObjectRef<String> ref) implements Call {
        @Override
        public Optional<String> outcome() {
            try {
                return Optional.of(ref.get()).filter(json -> !json.equals(ComputationActor.NO_TERMINAL));
            } finally {
                free(ref);
            }
        }
    }
}
