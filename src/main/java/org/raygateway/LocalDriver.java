package org.raygateway;

import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.raygateway.ray.driver.RayDriverServer;
import org.raygateway.ray.driver.RayDriverSettings;
import org.raygateway.ray.driver.RayMode;
import org.raygateway.ray.publish.ServiceBusSettings;
import org.raygateway.ray.publish.ServiceBusStatusPublisher;
import org.raygateway.ray.publish.StatusPublisher;
import org.raygateway.servicebus.ServiceBusClients;

/** The driver in this process: the same gRPC service as beside a Ray head, on gRPC's in-process transport. */
final class LocalDriver implements AutoCloseable {
    private final String name = "ray-driver-" + UUID.randomUUID();
    private final StatusPublisher publisher;
    private final RayDriverServer server;

    private LocalDriver(RaySettings settings, Path beginnings, ServiceBusClients messaging) {
        publisher = new ServiceBusStatusPublisher(publisherSettings(messaging.settings()));
        server = RayDriverServer.inProcess(
                name,
                RayDriverSettings.defaults(RayMode.LOCAL)
                        .withClassPath(settings.classPath())
                        .withPoolSize(settings.poolSize())
                        .withMaxActive(settings.maxActive())
                        .withBeginnings(beginnings),
                publisher);
    }

    private static ServiceBusSettings publisherSettings(org.raygateway.servicebus.ServiceBusSettings messaging) {
        return messaging.connectionString().isEmpty()
                ? ServiceBusSettings.withNamespace(messaging.namespace(), messaging.topic())
                : ServiceBusSettings.withConnectionString(messaging.connectionString(), messaging.topic());
    }

    /** @param beginnings file that remembers which jobs have begun, should this process be killed */
    static LocalDriver start(RaySettings settings, Path beginnings, ServiceBusClients messaging) {
        return new LocalDriver(settings, beginnings, messaging);
    }

    boolean awaitReady(Duration patience) {
        return server.awaitReady(patience);
    }

    ManagedChannel channel() {
        return InProcessChannelBuilder.forName(name).build();
    }

    @Override
    public void close() {
        server.close();
        publisher.close();
    }
}
