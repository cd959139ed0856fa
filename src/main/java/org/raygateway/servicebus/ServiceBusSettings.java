package org.raygateway.servicebus;

import java.nio.file.Path;
import java.time.Duration;
import org.raygateway.settings.PropertyReader;

/**
 * Where messages go and how long an operation may take.
 *
 * @param connectionString empty when passwordless, or when the embedded broker makes its own
 * @param namespace fully qualified host name, passwordless only, else empty
 * @param tryTimeout deadline of one try
 * @param maxRetries tries after the first
 * @param maxLock longest time a message in hand stays locked
 * @param embeddedPort loopback port of the embedded broker; 0 for any free one
 * @param embeddedMaxMessages messages in all its entities together
 * @param embeddedMaxBytes their bytes
 * @param embeddedEntities entity file of the embedded broker; null for the built-in one
 */
public record ServiceBusSettings(
        Mode mode,
        String connectionString,
        String namespace,
        String queue,
        String topic,
        String subscription,
        Duration tryTimeout,
        int maxRetries,
        Duration maxLock,
        int embeddedPort,
        int embeddedMaxMessages,
        int embeddedMaxBytes,
        Path embeddedEntities) {

    /** Which broker. */
    public enum Mode {
        EMBEDDED,
        AZURE
    }

    public static ServiceBusSettings from(PropertyReader properties) {
        Mode mode = properties.choice("gateway.servicebus.mode", Mode.class);
        String connectionString = properties.text("gateway.servicebus.connection-string");
        String namespace = properties.text("gateway.servicebus.namespace");
        if (mode == Mode.AZURE && connectionString.isEmpty() == namespace.isEmpty()) {
            properties.reject(
                    "with `gateway.servicebus.mode=azure` exactly one of `gateway.servicebus.connection-string` and "
                            + "`gateway.servicebus.namespace` must be set");
        }
        String entities = properties.text("gateway.servicebus.embedded.entities");
        return new ServiceBusSettings(
                mode,
                connectionString,
                namespace,
                properties.required("gateway.servicebus.queue"),
                properties.required("gateway.servicebus.topic"),
                properties.required("gateway.servicebus.subscription"),
                properties.duration("gateway.servicebus.try-timeout", Duration.ofMillis(100), Duration.ofMinutes(1)),
                properties.integer("gateway.servicebus.max-retries", 0, 10),
                properties.duration("gateway.servicebus.max-lock", Duration.ofMinutes(1), Duration.ofDays(7)),
                properties.integer("gateway.servicebus.embedded.port", 0, 65535),
                properties.integer("gateway.servicebus.embedded.max-messages", 100, 10_000_000),
                properties.integer("gateway.servicebus.embedded.max-bytes", 1 << 20, Integer.MAX_VALUE),
                entities.isEmpty() ? null : properties.path("gateway.servicebus.embedded.entities"));
    }

    /** The same settings with the address of a broker that has been started. */
    public ServiceBusSettings connectedTo(String brokerConnectionString) {
        return new ServiceBusSettings(
                mode,
                brokerConnectionString,
                "",
                queue,
                topic,
                subscription,
                tryTimeout,
                maxRetries,
                maxLock,
                embeddedPort,
                embeddedMaxMessages,
                embeddedMaxBytes,
                embeddedEntities);
    }
}
