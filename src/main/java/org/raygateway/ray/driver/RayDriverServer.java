package org.raygateway.ray.driver;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.raygateway.job.JobId;
import org.raygateway.ray.publish.StatusPublisher;
import org.raygateway.ray.publish.StatusPublishers;

/**
 * The Ray driver behind a gRPC server. Ray starts in the background: until it is there the driver answers, and says in
 * its health that it is not ready.
 */
public final class RayDriverServer implements AutoCloseable {
    private static final int CALL_THREADS = 4;
    private static final int LARGEST_MESSAGE = 1 << 20;
    private static final int MOST_CALLS = 256;
    private static final long CLOSE_PATIENCE_MS = 2_000;

    private final DriverStart start;
    private final ExecutorService callThreads;
    private final Server server;
    private final String publisherName;
    private final DriverHealth health;

    private RayDriverServer(
            ServerBuilder<?> transport,
            RayDriverSettings settings,
            StatusPublisher publisher,
            String publisherName,
            Runnable whenLost) {
        this.publisherName = publisherName;
        this.start = new DriverStart(
                settings,
                () -> new Executions(
                        settings, new RayActors(settings, publisherName, whenLost), publisher, beginnings(settings)),
                whenLost);
        this.callThreads = Executors.newFixedThreadPool(CALL_THREADS, Threads.named("ray-driver"));
        this.health = new DriverHealth(start);
        this.server = transport
                .executor(callThreads)
                .addService(new RayDriverService(start, new SubmitChecks(settings)))
                .addService(health.service())
                .build();
    }

    /**
     * Starts a driver for clients in this JVM.
     *
     * @param name what {@code InProcessChannelBuilder.forName} is given
     * @param publisher where status events go; the caller closes it after the server
     */
    public static RayDriverServer inProcess(String name, RayDriverSettings settings, StatusPublisher publisher) {
        String publisherName = "driver-" + UUID.randomUUID();
        StatusPublishers.register(publisherName, publisher);
        RayDriverServer driver =
                new RayDriverServer(InProcessServerBuilder.forName(name), settings, publisher, publisherName, () -> {});
        driver.start("the in-process name " + name + " is taken");
        return driver;
    }

    /**
     * Starts a driver for clients on this machine.
     *
     * @param port on loopback; 0 takes any free one
     * @param publisher where the driver's last words go; workers make theirs from their environment. The caller closes it after the
     *     server
     * @param whenLost is run, perhaps twice, where Ray did not start or is gone: this JVM can do nothing then
     */
    public static RayDriverServer onLoopback(
            int port, RayDriverSettings settings, StatusPublisher publisher, Runnable whenLost) {
        NettyServerBuilder transport = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .maxConcurrentCallsPerConnection(MOST_CALLS);
        RayDriverServer driver =
                new RayDriverServer(transport, settings, publisher, StatusPublishers.OF_ENVIRONMENT, whenLost);
        driver.start(
                "port " + port + " on loopback cannot be used: stop what listens there, or set `gateway.driver.port`");
        return driver;
    }

    private static Beginnings beginnings(RayDriverSettings settings) {
        return settings.beginnings() == null
                ? Beginnings.FORGETFUL
                : BeginningsFile.open(settings.beginnings(), JobId.next().toString());
    }

    private void start(String whyNot) {
        try {
            server.start();
        } catch (IOException taken) {
            close();
            throw new UncheckedIOException(whyNot, taken);
        }
    }

    /** The port it listens on; -1 in this JVM only. */
    public int port() {
        return server.getPort();
    }

    /** Waits until Ray has started. Returns false where it has not within the time, or never will. */
    public boolean awaitReady(Duration patience) {
        return start.await(patience);
    }

    /** Refuses new calls, ends what runs without a word, and stops Ray. Takes a few seconds at most. */
    @Override
    public void close() {
        health.close();
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
