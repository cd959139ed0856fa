package org.raygateway.servicebus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.raygateway.servicebus.embedded.EmbeddedServiceBus;
import org.raygateway.servicebus.embedded.EmbeddedServiceBusSettings;
import org.raygateway.settings.SettingsException;

/** Starts the embedded broker with the gateway's settings. Its key is the configured one, else one made at the first start. */
public final class EmbeddedBroker {
    private static final String DEFAULT_KEY_NAME = "RootManageSharedAccessKey";
    private static final int KEY_BYTES = 32;

    private EmbeddedBroker() {}

    /** @param directory where messages and the key are kept */
    public static EmbeddedServiceBus start(ServiceBusSettings settings, Path directory) {
        String configured = settings.connectionString();
        String keyName = part(configured, "SharedAccessKeyName").orElse(DEFAULT_KEY_NAME);
        String key =
                part(configured, "SharedAccessKey").orElseGet(() -> storedKey(directory.resolve("servicebus.key")));
        if (!configured.isEmpty() && part(configured, "SharedAccessKey").isEmpty()) {
            throw new SettingsException(
                    List.of("`gateway.servicebus.connection-string` must hold SharedAccessKeyName and"
                            + " SharedAccessKey, which the embedded broker asks its clients for"));
        }
        EmbeddedServiceBusSettings broker = EmbeddedServiceBusSettings.of(
                settings.embeddedPort(), directory.resolve("servicebus.db"), keyName, key);
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

    private static String storedKey(Path file) {
        try {
            if (Files.exists(file)) {
                return Files.readString(file).trim();
            }
            byte[] random = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(random);
            String key = Base64.getEncoder().encodeToString(random);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, key);
            return key;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
