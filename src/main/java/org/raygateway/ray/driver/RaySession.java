package org.raygateway.ray.driver;

import io.ray.api.Ray;
import org.raygateway.ray.actor.NativeLibraryFile;

/** Ray's runtime, of which a JVM has one: started by the first driver, stopped with the last. */
final class RaySession implements AutoCloseable {
    private static int users;
    private static RayMode runningMode;

    private boolean closed;

    private RaySession() {}

    /**
     * Starts Ray, or joins the one that runs.
     *
     * @throws IllegalStateException where Ray runs in another mode
     */
    static RaySession open(RayDriverSettings settings) {
        synchronized (RaySession.class) {
            if (users > 0 && runningMode != settings.mode()) {
                throw new IllegalStateException(
                        "Ray runs in " + runningMode + " mode in this JVM already, not in " + settings.mode());
            }
            if (users == 0) {
                start(settings);
            }
            users++;
            return new RaySession();
        }
    }

    private static void start(RayDriverSettings settings) {
        System.setProperty("ray.run-mode", settings.mode().name());
        System.setProperty("ray.job.namespace", settings.namespace());
        if (settings.mode() == RayMode.CLUSTER) {
            settings.cluster().rayProperties().forEach(System::setProperty);
        }
        RayLogging.leaveAsItIs();
        if (settings.mode() == RayMode.LOCAL) {
            System.setProperty("ray.job.code-search-path", ComputationJars.searchPath(settings.classPath()));
            LocalRay.skipNativeLibrary();
        }
        Ray.init();
        if (settings.mode() == RayMode.LOCAL) {
            keepActorsApartOrStop();
        } else {
            NativeLibraryFile.delete();
        }
        runningMode = settings.mode();
    }

    private static void keepActorsApartOrStop() {
        try {
            LocalRay.keepActorsApart();
        } catch (IllegalStateException unknownVersion) {
            Ray.shutdown();
            throw unknownVersion;
        }
    }

    @Override
    public void close() {
        synchronized (RaySession.class) {
            if (closed) {
                return;
            }
            closed = true;
            users--;
            if (users == 0) {
                Ray.shutdown();
            }
        }
    }
}
