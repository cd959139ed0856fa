package org.raygateway.ray.driver;

import io.ray.api.BaseActorHandle;
import io.ray.api.Ray;
import io.ray.api.id.ActorId;
import io.ray.api.id.ObjectId;
import io.ray.runtime.AbstractRayRuntime;
import io.ray.runtime.actor.LocalModeActorHandle;
import io.ray.runtime.task.LocalModeTaskSubmitter;
import io.ray.runtime.task.TaskExecutor;
import io.ray.runtime.task.ThreadConfinedTaskExecutor;
import io.ray.runtime.util.IdUtil;
import io.ray.runtime.util.JniUtils;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ray 2.39's LOCAL run mode leaves undone. It mixes up actors whose calls begin at the same time. It has no
 * {@code kill()}: each actor keeps its threads, its name and its object for ever, so that ten thousand jobs would leave
 * twenty thousand threads. Private fields of that one version (the last that Maven has) are the only way to them; tests
 * count the threads and run many actors at once.
 */
final class LocalRay {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRay.class);
    private static final String CORE_LIBRARY = "core_worker_library_java";

    private static final long THREAD_PATIENCE_MS = 500;

    private LocalRay() {}

    /**
     * LOCAL mode loads the native core worker and calls nothing of it. Marking it as loaded saves a second of start-up and
     * a 32 MB file left under the temporary folder by each JVM.
     */
    static void skipNativeLibrary() {
        try {
            @SuppressWarnings("unchecked")
            Set<String> loaded =
                    (Set<String>) field(JniUtils.class, "loadedLibs").get(null);
            if (loaded == null) {
                loaded = new HashSet<>();
                field(JniUtils.class, "loadedLibs").set(null, loaded);
            }
            loaded.add(CORE_LIBRARY);
        } catch (ReflectiveOperationException | RuntimeException changed) {
            LOG.warn("Ray's native library will be loaded although LOCAL mode does not need it", changed);
        }
    }

    /**
     * Gives each actor's thread its own idea of which actor it is; see {@link ThreadConfinedTaskExecutor}.
     *
     * @throws IllegalStateException where that is not possible: jobs would run as each other
     */
    static void keepActorsApart() {
        try {
            AbstractRayRuntime runtime = (AbstractRayRuntime) Ray.internal();
            Object submitter = field(AbstractRayRuntime.class, "taskSubmitter").get(runtime);
            TaskExecutor<?> executor = new ThreadConfinedTaskExecutor(runtime);
            field(AbstractRayRuntime.class, "taskExecutor").set(runtime, executor);
            field(LocalModeTaskSubmitter.class, "taskExecutor").set(submitter, executor);
        } catch (ReflectiveOperationException | RuntimeException changed) {
            throw new IllegalStateException(
                    "Ray's LOCAL mode is not the one of version 2.39 that this driver knows", changed);
        }
    }

    /**
     * Interrupts the actor's threads and forgets the actor and its name. A thread that ignores interrupts goes on. Only for
     * an actor that has answered a call: Ray exits the JVM where an actor is gone before its constructor has run, or where
     * its context is gone when a call begins. So the context goes last; where a thread goes on, with the next call of this.
     */
    static void end(BaseActorHandle actor, String nameOrNull) {
        try {
            AbstractRayRuntime runtime = (AbstractRayRuntime) Ray.internal();
            Object submitter = field(AbstractRayRuntime.class, "taskSubmitter").get(runtime);
            if (submitter == null) {
                return;
            }
            Object submitterLock =
                    field(LocalModeTaskSubmitter.class, "taskAndObjectLock").get(submitter);
            List<ExecutorService> threads;
            synchronized (submitterLock) {
                forget(submitter, actor, nameOrNull);
                threads = removeThreads(submitter, actor.getId());
            }
            // The two objects that stand for the actor's creation.
            ObjectId made = IdUtil.getActorCreationDummyObjectId(actor.getId());
            ObjectId returned = ((LocalModeActorHandle) actor).exchangePreviousActorTaskDummyObjectId(made);
            runtime.getObjectStore().delete(List.of(made, returned), true);
            // A call that had not begun was told to stop, so it returns at once, and its result is waited for.
            threads.forEach(service -> service.shutdownNow().forEach(Runnable::run));
            if (areDone(threads)) {
                map(submitter, "actorContexts").remove(actor.getId());
            }
        } catch (ReflectiveOperationException | RuntimeException changed) {
            LOG.warn("An ended actor keeps its threads, since Ray's LOCAL mode has changed", changed);
        }
    }

    private static boolean areDone(List<ExecutorService> threads) {
        return threads.stream().allMatch(service -> Threads.awaitEnd(service, THREAD_PATIENCE_MS));
    }

    private static void forget(Object submitter, BaseActorHandle actor, String nameOrNull)
            throws ReflectiveOperationException {
        for (String byId : List.of("actorHandles", "actorMaxConcurrency")) {
            map(submitter, byId).remove(actor.getId());
        }
        if (nameOrNull != null) {
            // A newer actor may have the name by now.
            map(submitter, "namedActors").remove(nameOrNull, actor);
        }
    }

    private static List<ExecutorService> removeThreads(Object submitter, ActorId id)
            throws ReflectiveOperationException {
        Object manager = field(LocalModeTaskSubmitter.class, "actorConcurrencyGroupManager")
                .get(submitter);
        Object ofActor = map(manager, "actorExecutorServices").remove(id);
        List<ExecutorService> threads = new ArrayList<>();
        if (ofActor != null) {
            map(ofActor, "services").values().forEach(service -> threads.add((ExecutorService) service));
        }
        return threads;
    }

    private static Map<?, ?> map(Object owner, String name) throws ReflectiveOperationException {
        return (Map<?, ?>) field(owner.getClass(), name).get(owner);
    }

    private static Field field(Class<?> owner, String name) throws ReflectiveOperationException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
