package org.raygateway.ray.driver;

import io.ray.runtime.util.LoggingUtil;
import java.lang.reflect.Field;
import org.slf4j.LoggerFactory;

/** Ray replaces the whole logging configuration of the JVM it starts in. In ours the gateway's own stands. */
final class RayLogging {
    private RayLogging() {}

    /** Tells Ray 2.39 that logging has been set up; there is no property for it. */
    static void leaveAsItIs() {
        try {
            Field setup = LoggingUtil.class.getDeclaredField("setup");
            setup.setAccessible(true);
            setup.set(null, true);
        } catch (ReflectiveOperationException | RuntimeException changed) {
            LoggerFactory.getLogger(RayLogging.class).warn("Ray will replace the logging configuration", changed);
        }
    }
}
