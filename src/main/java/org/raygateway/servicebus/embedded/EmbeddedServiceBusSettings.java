package org.raygateway.servicebus.embedded;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * How to start an embedded broker.
 *
 * @param port loopback port to listen on, 0 for any free one
 * @param dataFile SQLite file with the messages, made when missing; one broker at a time
 * @param entities queues and topics, in the format of the Service Bus emulator's {@code Config.json}
 * @param keyName shared access key name clients must use
 * @param key shared access key, as it appears in the connection string
 * @param limits bounds
 * @param essentialSubscriptions {@code topic/subscriptions/name} of those whose topic refuses what does not fit into them, while other
 *     subscriptions of the same topic then go without; a topic with none of them refuses what does not fit into any, as Azure does
 */
public record EmbeddedServiceBusSettings(
        int port,
        Path dataFile,
        URI entities,
        String keyName,
        String key,
        EmbeddedServiceBusLimits limits,
        Set<String> essentialSubscriptions) {

    /** Checks the values that do not need the outside world. */
    public EmbeddedServiceBusSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("Embedded Service Bus port must be 0 to 65535, got " + port);
        }
        Objects.requireNonNull(dataFile, "dataFile");
        Objects.requireNonNull(entities, "entities");
        Objects.requireNonNull(limits, "limits");
        essentialSubscriptions = Set.copyOf(essentialSubscriptions);
        requireText("keyName", keyName);
        requireText("key", key);
    }

    /** The entities that come with the gateway ({@code servicebus/entities.json}) and default bounds. */
    public static EmbeddedServiceBusSettings of(int port, Path dataFile, String keyName, String key) {
        return new EmbeddedServiceBusSettings(
                port, dataFile, bundledEntities(), keyName, key, EmbeddedServiceBusLimits.defaults(), Set.of());
    }

    /** The same settings with other entities. */
    public EmbeddedServiceBusSettings withEntities(URI other) {
        return new EmbeddedServiceBusSettings(port, dataFile, other, keyName, key, limits, essentialSubscriptions);
    }

    /** The same settings with other bounds. */
    public EmbeddedServiceBusSettings withLimits(EmbeddedServiceBusLimits other) {
        return new EmbeddedServiceBusSettings(port, dataFile, entities, keyName, key, other, essentialSubscriptions);
    }

    /** The same settings on another port. */
    public EmbeddedServiceBusSettings withPort(int other) {
        return new EmbeddedServiceBusSettings(other, dataFile, entities, keyName, key, limits, essentialSubscriptions);
    }

    /** The same settings with one more subscription that must not go without a message. */
    public EmbeddedServiceBusSettings withEssentialSubscription(String topic, String subscription) {
        Set<String> essential = new HashSet<>(essentialSubscriptions);
        essential.add(EntityPath.subscription(topic, subscription));
        return new EmbeddedServiceBusSettings(port, dataFile, entities, keyName, key, limits, essential);
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "EmbeddedServiceBusSettings[port=" + port + ", dataFile=" + dataFile + ", entities=" + entities + "]";
    }

    private static URI bundledEntities() {
        URL bundled = EmbeddedServiceBusSettings.class.getResource("/servicebus/entities.json");
        try {
            return Objects.requireNonNull(bundled, "servicebus/entities.json is missing from the class path")
                    .toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void requireText(String name, String value) {
        if (value == null || value.isBlank() || value.indexOf(';') >= 0) {
            throw new IllegalArgumentException("Embedded Service Bus " + name
                    + " must be a text without ';', as it goes into a connection string");
        }
    }
}
