package org.raygateway;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.raygateway.dispatch.DispatchHold;
import org.raygateway.health.Availability;
import org.raygateway.health.GatewayMetrics;
import org.raygateway.http.HttpApi;
import org.raygateway.http.HttpSettings;
import org.raygateway.operations.Operations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two ports. They open before anything else starts, so that a taken one stops the start, and close when all else has stopped: in
 * between every request gets its answer, or a 503.
 */
final class Doors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);
    private static final long DEADLINE_S = 5;

    private final Availability availability = new Availability();
    private final DispatchHold hold = new DispatchHold();
    private final Vertx vertx;
    private HttpApi api;
    private Operations operations;

    private Doors(HttpSettings settings) {
        vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(settings.workerThreads()));
    }

    /** On failure nothing stays open. */
    static Doors open(HttpSettings settings) {
        Doors doors = new Doors(settings);
        try {
            doors.api = HttpApi.open(doors.vertx, settings, doors.availability);
            doors.operations = Operations.open(doors.vertx, settings, doors.availability, doors.hold);
            return doors;
        } catch (RuntimeException failure) {
            doors.close();
            throw failure;
        }
    }

    int httpPort() {
        return api.port();
    }

    int operationsPort() {
        return operations.port();
    }

    Availability availability() {
        return availability;
    }

    DispatchHold hold() {
        return hold;
    }

    HttpApi api() {
        return api;
    }

    Operations operations() {
        return operations;
    }

    Vertx vertx() {
        return vertx;
    }

    /** By the names that Camel looks for. */
    Map<String, Object> beans() {
        return api.beans(vertx);
    }

    /** Everything is there. */
    void welcome(CamelContext context, GatewayMetrics metrics) {
        operations.attach(context, metrics);
        availability.ready();
    }

    /** Lets nothing in any more; returns when all requests have their answer, or after the given time. */
    void drain(Duration patience) {
        availability.stopping();
        api.drain(patience);
    }

    @Override
    public void close() {
        availability.stopping();
        if (operations != null) {
            operations.close();
        }
        if (api != null) {
            api.close();
        }
        try {
            vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(DEADLINE_S, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failure) {
            LOG.warn("The HTTP servers did not stop cleanly", failure);
        }
    }
}
