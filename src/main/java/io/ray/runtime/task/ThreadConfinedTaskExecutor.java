package io.ray.runtime.task;

import io.ray.api.id.UniqueId;
import io.ray.runtime.AbstractRayRuntime;

/**
 * Keeps the actor of a LOCAL mode call apart from those of other threads. Ray 2.39 keeps the current actor of all threads in
 * one field, so that calls which begin at the same time run on each other's actor, or on none. The methods that use the
 * field can only be overridden from within their package, which is why this class lives in Ray's.
 */
public final class ThreadConfinedTaskExecutor extends LocalModeTaskExecutor {
    private final ThreadLocal<LocalActorContext> current = new ThreadLocal<>();

    public ThreadConfinedTaskExecutor(AbstractRayRuntime runtime) {
        super(runtime);
    }

    @Override
    LocalActorContext getActorContext() {
        return current.get();
    }

    @Override
    void setActorContext(UniqueId worker, LocalActorContext context) {
        if (context != null) {
            current.set(context);
        }
    }
}
