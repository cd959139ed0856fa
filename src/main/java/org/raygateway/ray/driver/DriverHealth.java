package org.raygateway.ray.driver;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.raygateway.driver.v1.RayDriverGrpc;

/** The driver's readiness as gRPC's standard health service, for whoever does not know the driver's own. */
final class DriverHealth implements AutoCloseable {
    private static final long PERIOD_MS = 500;

    private final HealthStatusManager manager = new HealthStatusManager();
    private final DriverStart start;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Threads.named("ray-health"));

    DriverHealth(DriverStart start) {
        this.start = start;
        update();
        timer.scheduleWithFixedDelay(this::update, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    BindableService service() {
        return manager.getHealthService();
    }

    private void update() {
        ServingStatus status = start.health().getReady() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        manager.setStatus(RayDriverGrpc.SERVICE_NAME, status);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        manager.enterTerminalState();
    }
}
