package org.raygateway.ray.driver;

import io.ray.api.BaseActorHandle;
import io.ray.api.ObjectRef;
import io.ray.api.Ray;
import io.ray.api.runtimecontext.ActorInfo;
import io.ray.api.runtimecontext.ActorState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.raygateway.job.JobId;
import org.raygateway.ray.actor.Situation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dedicated actors of a cluster by name: those of drivers before this one too. */
final class NamedActors {
    private static final Logger LOG = LoggerFactory.getLogger(NamedActors.class);
    private static final String PREFIX = "actor_";
    private static final int ANSWER_PATIENCE_MS = 30_000;
    private static final long NAME_PATIENCE_MS = 5_000;
    private static final long LOOK_AGAIN_MS = 20;

    /** An actor whose run has begun. */
    record Running(RemoteActor actor, Situation situation) {}

    private NamedActors() {}

    /** Finds those that run or have run, by name, and ends those that never got their call. */
    static Map<String, Running> findRunning(String namespace) {
        Map<String, RemoteActor> actors = new HashMap<>();
        Map<String, ObjectRef<String>> looks = new HashMap<>();
        // One that waits for resources waits for a call that its driver took with it.
        for (ActorState waiting : List.of(ActorState.DEPENDENCIES_UNREADY, ActorState.PENDING_CREATION)) {
            list(waiting, namespace).forEach((name, actor) -> end(name, actor, "its driver ended before it began"));
        }
        list(ActorState.ALIVE, namespace).forEach((name, handle) -> {
            RemoteActor actor = RemoteActor.of(handle);
            actors.put(name, actor);
            looks.put(name, actor.describe(0));
        });
        if (looks.isEmpty()) {
            return Map.of();
        }
        Ray.wait(List.copyOf(looks.values()), looks.size(), ANSWER_PATIENCE_MS, false);
        Map<String, Running> running = new HashMap<>();
        looks.forEach((name, look) -> situation(name, actors.get(name), look)
                .ifPresent(situation -> running.put(name, new Running(actors.get(name), situation))));
        LOG.info("{} actors of an earlier driver still run", running.size());
        return running;
    }

    private static Map<String, BaseActorHandle> list(ActorState state, String namespace) {
        Map<String, BaseActorHandle> found = new HashMap<>();
        for (ActorInfo info : Ray.getRuntimeContext().getAllActorInfo(null, state)) {
            if (isJobs(info.name)) {
                Optional<BaseActorHandle> actor = Ray.getActor(info.name, namespace);
                actor.ifPresent(handle -> found.put(info.name, handle));
            }
        }
        return found;
    }

    private static boolean isJobs(String name) {
        return name != null
                && name.startsWith(PREFIX)
                && JobId.parse(name.substring(PREFIX.length())).isPresent();
    }

    private static Optional<Situation> situation(String name, RemoteActor actor, ObjectRef<String> look) {
        try {
            Situation situation = Situation.parse(look.get(1));
            if (situation.began()) {
                return Optional.of(situation);
            }
            end(name, actor.handle(), "it never got its call");
        } catch (RuntimeException silent) {
            end(
                    name,
                    actor.handle(),
                    "it does not say how far it is: " + silent.getClass().getSimpleName());
        }
        return Optional.empty();
    }

    private static void end(String name, BaseActorHandle actor, String why) {
        LOG.info("{} of an earlier driver is ended: {}", name, why);
        actor.kill(true);
    }

    /**
     * Makes a name free for a new actor, ending the one that has it.
     *
     * @throws IllegalStateException where Ray does not give the name free
     */
    static void free(String name, String namespace) {
        Optional<BaseActorHandle> holder = Ray.getActor(name, namespace);
        if (holder.isEmpty()) {
            return;
        }
        end(name, holder.get(), "a new attempt needs its name");
        long end = System.nanoTime() + NAME_PATIENCE_MS * 1_000_000;
        while (Ray.getActor(name, namespace).isPresent()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Ray did not give the actor name " + name + " free");
            }
            Threads.pause(LOOK_AGAIN_MS);
        }
    }
}
