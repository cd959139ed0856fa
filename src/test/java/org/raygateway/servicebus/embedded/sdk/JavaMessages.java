package org.raygateway.servicebus.embedded.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.core.amqp.models.AmqpMessageBody;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusProcessorClient;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import com.azure.messaging.servicebus.models.DeadLetterOptions;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** Sending, receiving and settling in a plain queue. */
final class JavaMessages {

    private JavaMessages() {}

    static void addTo(Map<String, JavaSuite.Step> steps) {
        steps.put("send", JavaMessages::send);
        steps.put("send without a message id", JavaMessages::sendWithoutId);
        steps.put("send a batch", JavaMessages::sendBatch);
        steps.put("schedule, cancel", JavaMessages::schedule);
        steps.put("value and sequence bodies", JavaMessages::otherBodies);
        steps.put("receive and delete", JavaMessages::receiveAndDelete);
        steps.put("peek-lock, complete", JavaMessages::complete);
        steps.put("abandon", JavaMessages::abandon);
        steps.put("defer, receive by sequence number, settle", JavaMessages::defer);
        steps.put("dead-letter, receive there, settle", JavaMessages::deadLetter);
        steps.put("abandon in the dead-letter queue", JavaMessages::abandonDeadLetter);
        steps.put("renew a lock", JavaMessages::renew);
        steps.put("settle by lock token alone", clients -> Outcome.NOT_OFFERED);
        steps.put("peek", JavaMessages::peek);
        steps.put("receive nothing in time, then a message", JavaMessages::receiveNothing);
        steps.put("handle messages as they come", JavaMessages::process);
    }

    private static String send(JavaClients clients) {
        Date date =
                Date.from(OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).toInstant());
        Map<String, Object> properties = Map.of("text", "t", "whole", 7L, "real", 1.5, "flag", true, "date", date);
        ServiceBusMessage sent = new ServiceBusMessage("body")
                .setMessageId("id")
                .setCorrelationId("correlation")
                .setSubject("subject")
                .setContentType("text/plain");
        sent.getApplicationProperties().putAll(properties);
        clients.sender().sendMessage(sent);

        ServiceBusReceivedMessage received = JavaClients.receive(clients.receiver());
        assertThat(received.getBody()).hasToString("body");
        assertThat(received.getMessageId()).isEqualTo("id");
        assertThat(received.getCorrelationId()).isEqualTo("correlation");
        assertThat(received.getSubject()).isEqualTo("subject");
        assertThat(received.getContentType()).isEqualTo("text/plain");
        assertThat(received.getApplicationProperties()).isEqualTo(properties);
        return Outcome.WORKS;
    }

    private static String sendWithoutId(JavaClients clients) {
        clients.send("no id");
        ServiceBusReceiverClient receiver = clients.receiver();
        ServiceBusReceivedMessage received = JavaClients.receive(receiver);
        assertThat(received.getMessageId()).isNotEmpty();
        return completed(receiver, received);
    }

    private static String completed(ServiceBusReceiverClient receiver, ServiceBusReceivedMessage message) {
        receiver.complete(message);
        assertThat(receiver.peekMessage(0)).isNull();
        return Outcome.WORKS;
    }

    private static String sendBatch(JavaClients clients) {
        ServiceBusSenderClient sender = clients.sender();
        ServiceBusMessageBatch batch = sender.createMessageBatch();
        List<String> sent = IntStream.range(0, 20).mapToObj(i -> "m" + i).toList();
        sent.forEach(body -> batch.tryAddMessage(new ServiceBusMessage(body)));
        sender.sendMessages(batch);
        assertThat(JavaClients.bodies(clients.deleting(clients.queue), 20)).isEqualTo(sent);
        return Outcome.WORKS;
    }

    private static String schedule(JavaClients clients) {
        ServiceBusSenderClient sender = clients.sender();
        OffsetDateTime due = OffsetDateTime.now().plusSeconds(1);
        sender.scheduleMessage(new ServiceBusMessage("then"), due);
        sender.cancelScheduledMessage(sender.scheduleMessage(new ServiceBusMessage("never"), due));
        ServiceBusReceiverClient receiver = clients.receiver();
        ServiceBusReceivedMessage received = JavaClients.receive(receiver);
        assertThat(received.getBody()).hasToString("then");
        assertThat(received.getEnqueuedTime()).isAfterOrEqualTo(due.truncatedTo(ChronoUnit.SECONDS));
        return completed(receiver, received);
    }

    private static String otherBodies(JavaClients clients) {
        ServiceBusSenderClient sender = clients.sender();
        sender.sendMessage(new ServiceBusMessage(AmqpMessageBody.fromValue("value")));
        sender.sendMessage(new ServiceBusMessage(AmqpMessageBody.fromSequence(List.of("a", 7L))));
        ServiceBusReceiverClient receiver = clients.deleting(clients.queue);
        AmqpMessageBody value =
                JavaClients.receive(receiver).getRawAmqpMessage().getBody();
        AmqpMessageBody sequence =
                JavaClients.receive(receiver).getRawAmqpMessage().getBody();
        assertThat(value.getValue()).isEqualTo("value");
        assertThat(sequence.getSequence()).isEqualTo(List.of("a", 7L));
        return Outcome.WORKS;
    }

    private static String receiveAndDelete(JavaClients clients) {
        clients.send("once");
        ServiceBusReceiverClient receiver = clients.deleting(clients.queue);
        assertThat(JavaClients.bodies(receiver, 1)).containsExactly("once");
        assertThat(receiver.peekMessage(0)).isNull();
        return Outcome.WORKS;
    }

    private static String complete(JavaClients clients) {
        clients.send("once");
        ServiceBusReceiverClient receiver = clients.receiver();
        ServiceBusReceivedMessage received = JavaClients.receive(receiver);
        assertThat(received.getLockedUntil()).isAfter(OffsetDateTime.now());
        assertThat(receiver.peekMessage(0)).isNotNull();
        return completed(receiver, received);
    }

    private static String abandon(JavaClients clients) {
        clients.send("again");
        ServiceBusReceiverClient receiver = clients.receiver();
        ServiceBusReceivedMessage first = JavaClients.receive(receiver);
        receiver.abandon(first);
        ServiceBusReceivedMessage second = JavaClients.receive(receiver);
        assertThat(second.getDeliveryCount()).isEqualTo(first.getDeliveryCount() + 1);
        return completed(receiver, second);
    }

    private static String defer(JavaClients clients) {
        clients.send("later");
        ServiceBusReceiverClient receiver = clients.receiver();
        ServiceBusReceivedMessage first = JavaClients.receive(receiver);
        receiver.defer(first);
        ServiceBusReceivedMessage deferred = receiver.receiveDeferredMessage(first.getSequenceNumber());
        assertThat(deferred.getBody()).hasToString("later");
        return completed(receiver, deferred);
    }

    /** A message of the dead-letter queue, as a receiver of that has it. */
    private static ServiceBusReceivedMessage dead(JavaClients clients, ServiceBusReceiverClient deadLetters) {
        clients.send("bad");
        ServiceBusReceiverClient receiver = clients.receiver();
        receiver.deadLetter(
                JavaClients.receive(receiver),
                new DeadLetterOptions().setDeadLetterReason("why").setDeadLetterErrorDescription("because"));
        return JavaClients.receive(deadLetters);
    }

    private static String deadLetter(JavaClients clients) {
        ServiceBusReceiverClient deadLetters = clients.deadLetters(clients.queue);
        ServiceBusReceivedMessage dead = dead(clients, deadLetters);
        assertThat(dead.getBody()).hasToString("bad");
        assertThat(dead.getDeadLetterReason()).isEqualTo("why");
        assertThat(dead.getDeadLetterErrorDescription()).isEqualTo("because");
        return completed(deadLetters, dead);
    }

    private static String abandonDeadLetter(JavaClients clients) {
        ServiceBusReceiverClient deadLetters = clients.deadLetters(clients.queue);
        ServiceBusReceivedMessage dead = dead(clients, deadLetters);
        deadLetters.abandon(dead);
        ServiceBusReceivedMessage again = JavaClients.receive(deadLetters);
        assertThat(again.getDeliveryCount()).isEqualTo(dead.getDeliveryCount());
        return completed(deadLetters, again);
    }

    private static String renew(JavaClients clients) {
        clients.sender("sdk-short-lock").sendMessage(new ServiceBusMessage("careful"));
        ServiceBusReceiverClient receiver = clients.receiver("sdk-short-lock");
        ServiceBusReceivedMessage received = JavaClients.receive(receiver);
        OffsetDateTime firstEnd = received.getLockedUntil();
        await().pollInterval(Duration.ofMillis(500))
                .atMost(JavaClients.PATIENCE)
                .until(() -> {
                    assertThat(receiver.renewMessageLock(received)).isAfterOrEqualTo(firstEnd);
                    return OffsetDateTime.now().isAfter(firstEnd);
                });
        return completed(receiver, received);
    }

    private static String peek(JavaClients clients) {
        List.of("a", "b", "c").forEach(clients::send);
        ServiceBusReceiverClient receiver = clients.receiver();
        assertThat(receiver.peekMessages(3).stream()
                        .map(message -> message.getBody().toString()))
                .containsExactly("a", "b", "c");
        assertThat(JavaClients.bodies(clients.deleting(clients.queue), 3)).containsExactly("a", "b", "c");
        return Outcome.WORKS;
    }

    private static String receiveNothing(JavaClients clients) {
        ServiceBusReceiverClient receiver = clients.receiver();
        assertThat(receiver.receiveMessages(1, Duration.ofMillis(500))).isEmpty();
        clients.send("late");
        ServiceBusReceivedMessage received = JavaClients.receive(receiver);
        assertThat(received.getDeliveryCount()).isZero();
        return completed(receiver, received);
    }

    private static String process(JavaClients clients) {
        List<String> sent = IntStream.range(0, 50).mapToObj(i -> "m" + i).toList();
        clients.sender().sendMessages(sent.stream().map(ServiceBusMessage::new).toList());
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
        ServiceBusProcessorClient processor = clients.closing(clients.builder()
                .processor()
                .queueName(clients.queue)
                .maxConcurrentCalls(4)
                .processMessage(
                        context -> handled.add(context.getMessage().getBody().toString()))
                .processError(context -> errors.add(context.getException()))
                .buildProcessorClient());
        processor.start();
        ServiceBusReceiverClient receiver = clients.receiver();
        await().atMost(JavaClients.PATIENCE).until(() -> handled.size() >= 50 && receiver.peekMessage(0) == null);
        assertThat(handled).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(errors).isEmpty();
        return Outcome.WORKS;
    }
}
