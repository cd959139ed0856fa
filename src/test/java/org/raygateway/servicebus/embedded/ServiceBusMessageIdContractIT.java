package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every Service Bus does about message ids: it gives one to each message, and lets each in once. */
class ServiceBusMessageIdContractIT extends ServiceBusContract {

    private static final String ASSIGNED = "[0-9a-f]{32}";

    private static OffsetDateTime inAnHour() {
        return OffsetDateTime.now().plusHours(1);
    }

    @Test
    void aMessageWithoutAnIdIsGivenOneThatStays() {
        ServiceBusMessage sent =
                new ServiceBusMessage("body").setSubject("subject").setContentType("text/plain");
        sent.getApplicationProperties().put("count", 7);
        clients.sender(TestEntities.PLAIN).sendMessage(sent);
        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);

        ServiceBusReceivedMessage first = Clients.receiveOne(receiver);
        receiver.abandon(first);
        ServiceBusReceivedMessage second = Clients.receiveOne(receiver);

        assertThat(first.getMessageId()).matches(ASSIGNED);
        assertThat(second.getMessageId()).isEqualTo(first.getMessageId());
        assertThat(second.getBody()).hasToString("body");
        assertThat(second.getSubject()).isEqualTo("subject");
        assertThat(second.getContentType()).isEqualTo("text/plain");
        assertThat(second.getApplicationProperties()).containsEntry("count", 7);
    }

    @Test
    void eachMessageOfABatchIsGivenAnIdOfItsOwn() {
        clients.sender(TestEntities.PLAIN)
                .sendMessages(List.of(
                        new ServiceBusMessage("a"),
                        new ServiceBusMessage("b").setMessageId("mine"),
                        new ServiceBusMessage("c")));

        List<String> ids = Clients.receive(clients.deleting(TestEntities.PLAIN), 3).stream()
                .map(ServiceBusReceivedMessage::getMessageId)
                .toList();

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(ids.get(0)).matches(ASSIGNED);
        assertThat(ids.get(1)).isEqualTo("mine");
        assertThat(ids.get(2)).matches(ASSIGNED);
    }

    @Test
    void aScheduledMessageIsGivenAnIdToo() {
        clients.sender(TestEntities.PLAIN).scheduleMessage(new ServiceBusMessage("later"), inAnHour());

        assertThat(clients.receiver(TestEntities.PLAIN).peekMessage().getMessageId())
                .matches(ASSIGNED);
    }

    @Test
    void allSubscriptionsSeeTheSameId() {
        clients.topicSender(TestEntities.TOPIC)
                .sendMessage(new ServiceBusMessage("apple").setSubject("a").setCorrelationId("job-7"));
        clients.topicSender(TestEntities.TOPIC).sendMessage(correlated());

        List<String> everything = clients.subscription(TestEntities.TOPIC, "everything").peekMessages(10).stream()
                .map(ServiceBusReceivedMessage::getMessageId)
                .toList();
        ServiceBusReceivedMessage copy =
                clients.subscription(TestEntities.TOPIC, "correlated").peekMessage();

        assertThat(everything).hasSize(2).doesNotHaveDuplicates().allMatch(id -> id.matches(ASSIGNED));
        assertThat(copy.getMessageId()).isEqualTo(everything.get(1));
    }

    private static ServiceBusMessage correlated() {
        ServiceBusMessage message = new ServiceBusMessage("result").setCorrelationId("job-7");
        message.getApplicationProperties().put("kind", "result");
        return message;
    }

    @Test
    void messagesWithoutAnIdAreNoDuplicatesOfEachOther() {
        ServiceBusSenderClient sender = clients.sender(TestEntities.DEDUPLICATED);
        sender.sendMessages(List.of(new ServiceBusMessage("a"), new ServiceBusMessage("b")));

        assertThat(Clients.bodies(Clients.receive(clients.deleting(TestEntities.DEDUPLICATED), 2)))
                .containsExactly("a", "b");
    }

    @Test
    void aMessageIsDroppedWhenOneWithItsIdIsScheduled() {
        ServiceBusSenderClient sender = clients.sender(TestEntities.DEDUPLICATED);
        sender.scheduleMessage(new ServiceBusMessage("first").setMessageId("id-1"), inAnHour());
        sender.sendMessage(new ServiceBusMessage("second").setMessageId("id-1"));

        assertThat(peeked()).containsExactly("first");
    }

    @Test
    void aScheduledMessageIsDroppedWhenOneWithItsIdWasSent() {
        ServiceBusSenderClient sender = clients.sender(TestEntities.DEDUPLICATED);
        sender.sendMessage(new ServiceBusMessage("first").setMessageId("id-1"));
        List<Long> numbers = new ArrayList<>();
        sender.scheduleMessages(
                        List.of(
                                new ServiceBusMessage("second").setMessageId("id-1"),
                                new ServiceBusMessage("third").setMessageId("id-2"),
                                new ServiceBusMessage("fourth").setMessageId("id-2")),
                        inAnHour())
                .forEach(numbers::add);

        assertThat(peeked()).containsExactly("first", "third");
        assertThat(numbers).hasSize(3).doesNotHaveDuplicates();
        sender.cancelScheduledMessage(numbers.get(0));
        sender.cancelScheduledMessage(numbers.get(2));
        assertThat(peeked()).containsExactly("first", "third");
        sender.cancelScheduledMessage(numbers.get(1));
        assertThat(peeked()).containsExactly("first");
    }

    private List<String> peeked() {
        return Clients.bodies(clients.receiver(TestEntities.DEDUPLICATED).peekMessages(10).stream()
                .toList());
    }
}
