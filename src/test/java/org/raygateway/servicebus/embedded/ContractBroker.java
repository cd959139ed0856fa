package org.raygateway.servicebus.embedded;

import java.nio.file.Path;

/**
 * The broker a contract test runs against: the one in {@code SERVICEBUS_CONNECTION_STRING}, whose entities must be those of
 * {@link TestEntities} and empty, or else a fresh embedded one.
 */
final class ContractBroker implements AutoCloseable {

    private final EmbeddedServiceBus embedded;
    private final String connectionString;

    ContractBroker(Path directory) {
        String external = System.getenv("SERVICEBUS_CONNECTION_STRING");
        embedded = external == null ? EmbeddedServiceBus.start(TestEntities.settings(directory)) : null;
        connectionString = external == null ? embedded.connectionString() : external;
    }

    String connectionString() {
        return connectionString;
    }

    @Override
    public void close() {
        if (embedded != null) {
            embedded.close();
        }
    }
}
