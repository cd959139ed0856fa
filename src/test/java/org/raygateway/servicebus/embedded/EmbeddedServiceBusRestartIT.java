package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusProcessorClient;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a broker knows after it was stopped and started on the same file. */
class EmbeddedServiceBusRestartIT {

    @TempDir
    Path directory;

    private EmbeddedServiceBus broker;

    @BeforeEach
    void start() {
        broker = EmbeddedServiceBus.start(TestEntities.settings(directory));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void restart() {
        int port = broker.port();
        broker.close();
        broker = EmbeddedServiceBus.start(TestEntities.settings(directory).withPort(port));
    }

    @Test
    void keepsMessagesWithTheirCountsAndStates() {
        long deferred;
        long lastNumber;
        try (Clients clients = new Clients(broker.connectionString())) {
            ServiceBusSenderClient sender = clients.sender(TestEntities.PLAIN);
            ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
            sender.sendMessage(new ServiceBusMessage("deferred"));
            ServiceBusReceivedMessage toDefer = Clients.receiveOne(receiver);
            receiver.defer(toDefer);
            deferred = toDefer.getSequenceNumber();
            sender.sendMessage(new ServiceBusMessage("dead"));
            receiver.deadLetter(Clients.receiveOne(receiver));
            sender.sendMessage(new ServiceBusMessage("completed"));
            receiver.complete(Clients.receiveOne(receiver));
            sender.sendMessage(new ServiceBusMessage("abandoned"));
            receiver.abandon(Clients.receiveOne(receiver));
            lastNumber = sender.scheduleMessage(
                    new ServiceBusMessage("scheduled"), OffsetDateTime.now().plusSeconds(3));
        }
        restart();
        try (Clients clients = new Clients(broker.connectionString())) {
            ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
            ServiceBusReceivedMessage abandoned = Clients.receiveOne(receiver);
            assertThat(abandoned.getBody()).hasToString("abandoned");
            assertThat(abandoned.getDeliveryCount()).isEqualTo(1);
            assertThat(receiver.receiveDeferredMessage(deferred).getBody()).hasToString("deferred");
            ServiceBusReceivedMessage scheduled = Clients.receiveOne(receiver);
            assertThat(scheduled.getBody()).hasToString("scheduled");
            assertThat(scheduled.getSequenceNumber()).isGreaterThan(lastNumber);
            assertThat(Clients.receiveOne(clients.deadLetters(TestEntities.PLAIN))
                            .getBody())
                    .hasToString("dead");
        }
    }

    @Test
    void stillKnowsTheIdsItHasSeen() {
        try (Clients clients = new Clients(broker.connectionString())) {
            clients.sender(TestEntities.DEDUPLICATED).sendMessage(new ServiceBusMessage("first").setMessageId("same"));
            Clients.receiveOne(clients.deleting(TestEntities.DEDUPLICATED));
        }
        restart();
        try (Clients clients = new Clients(broker.connectionString())) {
            clients.sender(TestEntities.DEDUPLICATED).sendMessage(new ServiceBusMessage("again").setMessageId("same"));
            assertThat(clients.receiver(TestEntities.DEDUPLICATED).peekMessage())
                    .isNull();
        }
    }

    @Test
    void neverGivesASequenceNumberTwice() {
        long before;
        try (Clients clients = new Clients(broker.connectionString())) {
            clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("first"));
            before = Clients.receiveOne(clients.deleting(TestEntities.PLAIN)).getSequenceNumber();
        }
        restart();
        try (Clients clients = new Clients(broker.connectionString())) {
            clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("second"));
            assertThat(Clients.receiveOne(clients.deleting(TestEntities.PLAIN)).getSequenceNumber())
                    .isGreaterThan(before);
        }
    }

    @Test
    void clientsReconnectAndLoseNothing() {
        Set<String> handled = ConcurrentHashMap.newKeySet();
        AtomicInteger sent = new AtomicInteger();
        try (Clients clients = new Clients(broker.connectionString())) {
            ServiceBusProcessorClient processor = clients.closing(clients.builder()
                    .processor()
                    .queueName(TestEntities.DEDUPLICATED)
                    .processMessage(context -> handled.add(context.getMessage().getMessageId()))
                    .processError(context -> {})
                    .buildProcessorClient());
            processor.start();
            ServiceBusSenderClient sender = clients.sender(TestEntities.DEDUPLICATED);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 20; i++) {
                    String id = "m" + sent.getAndIncrement();
                    sender.sendMessage(new ServiceBusMessage(id).setMessageId(id));
                }
                restart();
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> handled.size() == sent.get());
        }
        assertThat(handled).hasSize(60);
    }
}
