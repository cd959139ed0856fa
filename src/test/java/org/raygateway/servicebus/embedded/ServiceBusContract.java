package org.raygateway.servicebus.embedded;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A Service Bus and unmodified clients of it, for each test of the contract. */
abstract class ServiceBusContract {

    @TempDir
    Path directory;

    ContractBroker broker;
    Clients clients;

    @BeforeEach
    void start() {
        broker = new ContractBroker(directory);
        clients = new Clients(broker.connectionString());
    }

    @AfterEach
    void stop() {
        clients.close();
        broker.close();
    }
}
