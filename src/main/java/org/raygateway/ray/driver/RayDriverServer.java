package org.raygateway.ray.driver;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.raygateway.ray.publish.StatusPublisher;
import org.raygateway.ray.publish.StatusPublishers;

/**
 * The Ray driver behind a gRPC server. Ray starts in the background: until it is there the driver answers, and says in
 * its health that it is not ready.
 */
public final class RayDriverServer implements AutoCloseable {
    private static final int CALL_THREADS = 4;
    private static final long CLOSE_PATIENCE_MS = 2_000;

    private final DriverStart start;
    private final ExecutorService callThreads;
    private final Server server;
    private final String publisherName;

    private RayDriverServer(ServerBuilder<?> transport, RayDriverSettings settings, StatusPublisher publisher) {
        this.publisherName = "driver-" + UUID.randomUUID();
        StatusPublishers.register(publisherName, publisher);
        this.start = new DriverStart(
                settings, () -> new Executions(settings, new RayActors(settings, publisherName), publisher));
        this.callThreads = Executors.newFixedThreadPool(CALL_THREADS, Threads.named("ray-driver"));
        this.server = transport
                .executor(callThreads)
                .addService(new RayDriverService(start))
                .build();
    }

    /**
     * Starts a driver for clients in this JVM.
     *
     * @param name what {@code InProcessChannelBuilder.forName} is given
     * @param publisher where status events go; the caller closes it after the server
     */
    public static RayDriverServer inProcess(String name, RayDriverSettings settings, StatusPublisher publisher) {
        RayDriverServer driver = new RayDriverServer(InProcessServerBuilder.forName(name), settings, publisher);
        try {
            driver.server.start();
            return driver;
        } catch (IOException taken) {
            driver.close();
            throw new UncheckedIOException("the in-process name " + name + " is taken", taken);
        }
    }

    /** Waits until Ray has started. Returns false where it has not within the time, or never will. */
    public boolean awaitReady(Duration patience) {
        return start.await(patience);
    }

    /** Refuses new calls, ends what runs without a word, and stops Ray. Takes a few seconds at most. */
    @Override
    public void close() {
        server.shutdown();
        start.close();
        try {
            server.awaitTermination(CLOSE_PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        server.shutdownNow();
        callThreads.shutdown();
        StatusPublishers.unregister(publisherName);
    }
}
