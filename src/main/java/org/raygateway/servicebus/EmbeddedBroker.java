package org.raygateway.servicebus;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.raygateway.servicebus.embedded.EmbeddedServiceBus;
import org.raygateway.servicebus.embedded.EmbeddedServiceBusLimits;
import org.raygateway.servicebus.embedded.EmbeddedServiceBusSettings;
import org.raygateway.settings.SettingsException;

/** Starts the embedded broker with the gateway's settings. Its key is the configured one, else one made at the first start. */
public final class EmbeddedBroker {
    private static final String DEFAULT_KEY_NAME = "RootManageSharedAccessKey";

    private EmbeddedBroker() {}

    /** @param directory where messages and the key are kept */
    public static EmbeddedServiceBus start(ServiceBusSettings settings, Path directory) {
        String configured = settings.connectionString();
        String keyName = part(configured, "SharedAccessKeyName").orElse(DEFAULT_KEY_NAME);
        String key =
                part(configured, "SharedAccessKey").orElseGet(() -> KeyFile.keyIn(directory.resolve("servicebus.key")));
        if (!configured.isEmpty() && part(configured, "SharedAccessKey").isEmpty()) {
            throw new SettingsException(
                    List.of("`gateway.servicebus.connection-string` must hold SharedAccessKeyName and"
                            + " SharedAccessKey, which the embedded broker asks its clients for"));
        }
        EmbeddedServiceBusSettings broker = EmbeddedServiceBusSettings.of(
                        settings.embeddedPort(), directory.resolve("servicebus.db"), keyName, key)
                .withLimits(EmbeddedServiceBusLimits.defaults()
                        .holding(settings.embeddedMaxMessages(), settings.embeddedMaxBytes()))
                .withEssentialSubscription(settings.topic(), settings.subscription());
        return EmbeddedServiceBus.start(
                settings.embeddedEntities() == null
                        ? broker
                        : broker.withEntities(settings.embeddedEntities().toUri()));
    }

    private static Optional<String> part(String connectionString, String name) {
        for (String part : connectionString.split(";")) {
            if (part.startsWith(name + "=")) {
                return Optional.of(part.substring(name.length() + 1).trim());
            }
        }
        return Optional.empty();
    }
}
