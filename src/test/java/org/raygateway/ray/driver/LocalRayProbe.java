package org.raygateway.ray.driver;

import io.ray.api.Ray;
import io.ray.runtime.AbstractRayRuntime;
import io.ray.runtime.object.LocalModeObjectStore;
import io.ray.runtime.task.LocalModeTaskSubmitter;
import java.lang.reflect.Field;
import java.util.Map;

/** Counts what Ray's LOCAL mode keeps. */
final class LocalRayProbe {
    private LocalRayProbe() {}

    static int keptActors() {
        Object submitter = value(AbstractRayRuntime.class, "taskSubmitter", Ray.internal());
        return map(LocalModeTaskSubmitter.class, "actorHandles", submitter)
                + map(LocalModeTaskSubmitter.class, "namedActors", submitter)
                + map(LocalModeTaskSubmitter.class, "actorContexts", submitter);
    }

    static int keptObjects() {
        return map(LocalModeObjectStore.class, "pool", ((AbstractRayRuntime) Ray.internal()).getObjectStore());
    }

    private static int map(Class<?> owner, String name, Object instance) {
        return ((Map<?, ?>) value(owner, name, instance)).size();
    }

    private static Object value(Class<?> owner, String name, Object instance) {
        try {
            Field field = owner.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(instance);
        } catch (ReflectiveOperationException changed) {
            throw new AssertionError(changed);
        }
    }
}
