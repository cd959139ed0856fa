package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusErrorContext;
import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusProcessorClient;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import com.azure.messaging.servicebus.models.AbandonOptions;
import com.azure.messaging.servicebus.models.DeadLetterOptions;
import com.azure.messaging.servicebus.models.ServiceBusMessageState;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** What every Service Bus does for the unmodified Java SDK: sending, receiving and settling. */
class ServiceBusContractIT extends ServiceBusContract {

    @Test
    void deliversWhatWasSentWithItsProperties() {
        ServiceBusMessage sent = new ServiceBusMessage("body")
                .setMessageId("id-1")
                .setCorrelationId("correlation")
                .setSubject("subject")
                .setContentType("application/json");
        sent.getApplicationProperties().put("traceparent", "00-1");
        sent.getApplicationProperties().put("count", 7);
        clients.sender(TestEntities.PLAIN).sendMessage(sent);

        ServiceBusReceivedMessage received = Clients.receiveOne(clients.receiver(TestEntities.PLAIN));

        assertThat(received.getBody()).hasToString("body");
        assertThat(received.getMessageId()).isEqualTo("id-1");
        assertThat(received.getCorrelationId()).isEqualTo("correlation");
        assertThat(received.getSubject()).isEqualTo("subject");
        assertThat(received.getContentType()).isEqualTo("application/json");
        assertThat(received.getApplicationProperties())
                .containsExactlyInAnyOrderEntriesOf(Map.of("traceparent", "00-1", "count", 7));
        assertThat(received.getSequenceNumber()).isPositive();
        assertThat(received.getDeliveryCount()).isZero();
        assertThat(received.getEnqueuedTime()).isNotNull();
        assertThat(received.getLockedUntil()).isAfter(OffsetDateTime.now());
        assertThat(received.getState()).isEqualTo(ServiceBusMessageState.ACTIVE);
    }

    @Test
    void deliversEveryMessageOfABatchInOrder() {
        ServiceBusSenderClient sender = clients.sender(TestEntities.PLAIN);
        ServiceBusMessageBatch batch = sender.createMessageBatch();
        List<String> expected =
                IntStream.range(0, 100).mapToObj(i -> "message " + i).toList();
        expected.forEach(body -> batch.tryAddMessage(new ServiceBusMessage(body)));
        sender.sendMessages(batch);

        assertThat(Clients.bodies(Clients.receive(clients.deleting(TestEntities.PLAIN), 100)))
                .isEqualTo(expected);
    }

    @Test
    void takesPipelinedSendsOfTheAsyncSender() {
        ServiceBusSenderAsyncClient sender = clients.closing(
                clients.builder().sender().queueName(TestEntities.PLAIN).buildAsyncClient());
        Flux.range(0, 300)
                .flatMap(i -> sender.sendMessage(new ServiceBusMessage("m" + i)), 64)
                .blockLast(Clients.PATIENCE);

        assertThat(Clients.receive(clients.deleting(TestEntities.PLAIN), 300)).hasSize(300);
    }

    @Test
    void completedMessageIsGone() {
        clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("once"));
        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
        receiver.complete(Clients.receiveOne(receiver));

        assertThat(receiver.peekMessage()).isNull();
    }

    @Test
    void receiveAndDeleteLeavesNothing() {
        clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("once"));
        ServiceBusReceiverClient receiver = clients.deleting(TestEntities.PLAIN);
        Clients.receiveOne(receiver);

        assertThat(receiver.peekMessage()).isNull();
    }

    @Test
    void abandonedMessageComesBackWithCountAndProperties() {
        clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("again"));
        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
        receiver.abandon(
                Clients.receiveOne(receiver), new AbandonOptions().setPropertiesToModify(Map.of("why", "busy")));

        ServiceBusReceivedMessage second = Clients.receiveOne(receiver);

        assertThat(second.getDeliveryCount()).isEqualTo(1);
        assertThat(second.getApplicationProperties()).containsEntry("why", "busy");
        assertThat(second.getBody()).hasToString("again");
    }

    @Test
    void deadLettersWhenTheDeliveryCountIsUsedUp() {
        clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("poison"));
        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
        for (int delivery = 0; delivery < 3; delivery++) {
            receiver.abandon(Clients.receiveOne(receiver));
        }

        ServiceBusReceivedMessage dead = Clients.receiveOne(clients.deadLetters(TestEntities.PLAIN));

        assertThat(dead.getBody()).hasToString("poison");
        assertThat(dead.getDeadLetterReason()).isEqualTo("MaxDeliveryCountExceeded");
        assertThat(dead.getDeadLetterSource()).isEqualToIgnoringCase(TestEntities.PLAIN);
        assertThat(Clients.isEmpty(receiver)).isTrue();
    }

    @Test
    void deadLetteredMessageCarriesItsReason() {
        clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("bad"));
        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
        DeadLetterOptions options = new DeadLetterOptions()
                .setDeadLetterReason("invalid")
                .setDeadLetterErrorDescription("no such computation")
                .setPropertiesToModify(Map.of("checked-by", "test"));
        receiver.deadLetter(Clients.receiveOne(receiver), options);

        ServiceBusReceiverClient deadLetters = clients.deadLetters(TestEntities.PLAIN);
        ServiceBusReceivedMessage dead = Clients.receiveOne(deadLetters);
        deadLetters.complete(dead);

        assertThat(dead.getDeadLetterReason()).isEqualTo("invalid");
        assertThat(dead.getDeadLetterErrorDescription()).isEqualTo("no such computation");
        assertThat(dead.getApplicationProperties()).containsEntry("checked-by", "test");
        assertThat(deadLetters.peekMessage()).isNull();
    }

    @Test
    void deferredMessageComesByItsSequenceNumberOnly() {
        clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("later"));
        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
        ServiceBusReceivedMessage first = Clients.receiveOne(receiver);
        receiver.defer(first);
        assertThat(Clients.isEmpty(receiver)).isTrue();

        ServiceBusReceivedMessage deferred = receiver.receiveDeferredMessage(first.getSequenceNumber());

        assertThat(deferred.getBody()).hasToString("later");
        assertThat(deferred.getState()).isEqualTo(ServiceBusMessageState.DEFERRED);
        receiver.complete(deferred);
        assertThat(receiver.peekMessage()).isNull();
        assertThatThrownBy(() -> receiver.receiveDeferredMessage(first.getSequenceNumber()))
                .isInstanceOf(ServiceBusException.class);
    }

    /** The Java SDK takes the token from elsewhere; Go's looks for it here. */
    @Test
    void deferredMessageCarriesItsLockTokenAsAnAnnotation() {
        clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("later"));
        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
        ServiceBusReceivedMessage first = Clients.receiveOne(receiver);
        receiver.defer(first);

        ServiceBusReceivedMessage deferred = receiver.receiveDeferredMessage(first.getSequenceNumber());

        assertThat(deferred.getRawAmqpMessage().getDeliveryAnnotations().get("x-opt-lock-token"))
                .hasToString(deferred.getLockToken());
        assertThat(receiver.peekMessage().getRawAmqpMessage().getDeliveryAnnotations())
                .doesNotContainKey("x-opt-lock-token");
        receiver.complete(deferred);
    }

    @Test
    void abandoningInTheDeadLetterQueueCountsNothing() {
        clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("bad"));
        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
        receiver.abandon(Clients.receiveOne(receiver));
        receiver.deadLetter(Clients.receiveOne(receiver));
        ServiceBusReceiverClient deadLetters = clients.deadLetters(TestEntities.PLAIN);

        for (int delivery = 0; delivery < 4; delivery++) {
            ServiceBusReceivedMessage dead = Clients.receiveOne(deadLetters);
            assertThat(dead.getDeliveryCount()).isEqualTo(1);
            deadLetters.abandon(dead, new AbandonOptions().setPropertiesToModify(Map.of("seen", delivery)));
        }

        assertThat(Clients.receiveOne(deadLetters).getApplicationProperties()).containsEntry("seen", 3);
    }

    @Test
    void peeksAtMessagesOfEveryStateWithoutLocking() {
        ServiceBusSenderClient sender = clients.sender(TestEntities.PLAIN);
        sender.sendMessages(List.of(new ServiceBusMessage("a"), new ServiceBusMessage("b")));
        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
        receiver.defer(Clients.receiveOne(receiver));
        sender.scheduleMessage(new ServiceBusMessage("c"), OffsetDateTime.now().plusHours(1));

        List<ServiceBusReceivedMessage> seen =
                receiver.peekMessages(10).stream().toList();

        assertThat(Clients.bodies(seen)).containsExactly("a", "b", "c");
        assertThat(seen)
                .extracting(ServiceBusReceivedMessage::getState)
                .containsExactly(
                        ServiceBusMessageState.DEFERRED,
                        ServiceBusMessageState.ACTIVE,
                        ServiceBusMessageState.SCHEDULED);
        assertThat(Clients.receiveOne(receiver).getBody()).hasToString("b");
    }

    @Test
    void processorHandlesEveryMessageOnce() {
        ServiceBusSenderClient sender = clients.sender(TestEntities.PLAIN);
        List<String> sent = IntStream.range(0, 200).mapToObj(i -> "m" + i).toList();
        sender.sendMessages(sent.stream().map(ServiceBusMessage::new).toList());
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        Queue<ServiceBusErrorContext> errors = new ConcurrentLinkedQueue<>();
        ServiceBusProcessorClient processor = clients.closing(clients.builder()
                .processor()
                .queueName(TestEntities.PLAIN)
                .maxConcurrentCalls(16)
                .prefetchCount(50)
                .processMessage(
                        context -> handled.add(context.getMessage().getBody().toString()))
                .processError(errors::add)
                .buildProcessorClient());
        processor.start();

        await().atMost(Clients.PATIENCE).until(() -> handled.size() >= sent.size());

        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
        await().atMost(Clients.PATIENCE).until(() -> receiver.peekMessage(0) == null);
        assertThat(handled).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(errors).isEmpty();
    }
}
