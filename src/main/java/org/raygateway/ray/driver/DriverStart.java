package org.raygateway.ray.driver;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.raygateway.driver.v1.HealthReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts Ray in the background, so that the gateway need not wait for it; until then the driver says it is not ready. */
final class DriverStart implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverStart.class);

    private final RayDriverSettings settings;
    private final Runnable onFailure;
    private final CompletableFuture<Executions> started = new CompletableFuture<>();

    /** @param onFailure is run where Ray does not start */
    DriverStart(RayDriverSettings settings, Supplier<Executions> start, Runnable onFailure) {
        this.settings = settings;
        this.onFailure = onFailure;
        Threads.named("ray-start").newThread(() -> run(start)).start();
    }

    private void run(Supplier<Executions> start) {
        try {
            Executions executions = start.get();
            if (!started.complete(executions)) {
                executions.close();
            }
        } catch (RuntimeException | LinkageError failed) {
            LOG.error("Ray did not start in {} mode", settings.mode(), failed);
            started.completeExceptionally(failed);
            onFailure.run();
        }
    }

    /** @throws IllegalStateException saying why there is none yet */
    Executions executions() {
        if (started.isDone() && !started.isCompletedExceptionally()) {
            return started.join();
        }
        throw new IllegalStateException(whyNot());
    }

    private String whyNot() {
        return started.isDone() ? "Ray did not start; the driver's log says why" : "Ray is starting";
    }

    HealthReply health() {
        if (started.isDone() && !started.isCompletedExceptionally()) {
            return started.join().health();
        }
        return HealthReply.newBuilder()
                .setReady(false)
                .setReason(whyNot())
                .setRayMode(settings.mode().toString())
                .setCapacity(settings.maxActive())
                .build();
    }

    /** Whether the driver can take work before the time is over. */
    boolean await(Duration patience) {
        try {
            started.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException notStarted) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        started.completeExceptionally(new IllegalStateException("the driver is stopping"));
        if (!started.isCompletedExceptionally()) {
            started.join().close();
        }
    }
}
