package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Acknowledged means stored: a kill in the middle of a stream of sends loses nothing that was acknowledged. */
class KilledBrokerIT {

    @TempDir
    Path directory;

    @Test
    void findsEveryAcknowledgedMessageAgainAfterAKill() throws Exception {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        try (BrokerProcess process = new BrokerProcess(directory);
                Clients clients = new Clients(process.connectionString())) {
            ServiceBusSenderAsyncClient sender = clients.closing(clients.builder()
                    .retryOptions(new AmqpRetryOptions().setMaxRetries(0).setTryTimeout(Duration.ofSeconds(3)))
                    .sender()
                    .queueName(TestEntities.PLAIN)
                    .buildAsyncClient());
            Disposable load = Flux.range(0, 1_000_000)
                    .map(i -> "m" + i)
                    .flatMap(
                            id -> sender.sendMessage(new ServiceBusMessage(id).setMessageId(id))
                                    .thenReturn(id),
                            64)
                    .subscribe(acknowledged::add, error -> {});
            await().atMost(Clients.PATIENCE).until(() -> acknowledged.size() > 2_000);
            process.kill();
            await().atMost(Duration.ofSeconds(30)).until(load::isDisposed);
        }

        assertThat(idsStored()).doesNotHaveDuplicates().containsAll(acknowledged);
    }

    private List<String> idsStored() {
        List<String> ids = new ArrayList<>();
        try (EmbeddedServiceBus broker = EmbeddedServiceBus.start(TestEntities.settings(directory));
                Clients clients = new Clients(broker.connectionString())) {
            ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
            long next = 0;
            List<ServiceBusReceivedMessage> page =
                    receiver.peekMessages(500, next).stream().toList();
            while (!page.isEmpty()) {
                page.forEach(message -> ids.add(message.getMessageId()));
                next = page.get(page.size() - 1).getSequenceNumber() + 1;
                page = receiver.peekMessages(500, next).stream().toList();
            }
        }
        return ids;
    }
}
