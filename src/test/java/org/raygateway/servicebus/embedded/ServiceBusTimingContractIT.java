package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every Service Bus does when time passes: locks, time to live, schedules, duplicate detection. */
class ServiceBusTimingContractIT extends ServiceBusContract {

    @Test
    void expiredLockRefusesSettlementAndTheMessageComesBack() {
        clients.sender(TestEntities.SHORT_LOCK).sendMessage(new ServiceBusMessage("slow"));
        ServiceBusReceiverClient slow = clients.notRenewing(TestEntities.SHORT_LOCK);
        ServiceBusReceivedMessage first = Clients.receiveOne(slow);

        ServiceBusReceivedMessage second = Clients.receiveOne(clients.receiver(TestEntities.SHORT_LOCK));

        assertThat(second.getSequenceNumber()).isEqualTo(first.getSequenceNumber());
        assertThat(second.getDeliveryCount()).isEqualTo(1);
        assertThatThrownBy(() -> slow.complete(first)).hasMessageContaining("lock");
    }

    @Test
    void renewedLockLastsLonger() {
        clients.sender(TestEntities.SHORT_LOCK).sendMessage(new ServiceBusMessage("careful"));
        ServiceBusReceiverClient receiver = clients.notRenewing(TestEntities.SHORT_LOCK);
        ServiceBusReceivedMessage message = Clients.receiveOne(receiver);
        OffsetDateTime firstEnd = message.getLockedUntil();
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);

        OffsetDateTime renewed = receiver.renewMessageLock(message);
        await().atMost(Clients.PATIENCE).until(() -> OffsetDateTime.now().isAfter(firstEnd.plusSeconds(1)));
        receiver.complete(message);

        assertThat(renewed).isAfter(firstEnd);
        assertThat(receiver.peekMessage()).isNull();
    }

    @Test
    void messagesHeldByAVanishedClientComeBack() {
        clients.sender(TestEntities.SHORT_LOCK).sendMessage(new ServiceBusMessage("held"));
        try (Clients vanishing = new Clients(broker.connectionString())) {
            Clients.receiveOne(vanishing.receiver(TestEntities.SHORT_LOCK));
        }

        assertThat(Clients.receiveOne(clients.receiver(TestEntities.SHORT_LOCK)).getBody())
                .hasToString("held");
    }

    @Test
    void expiredMessageIsDeadLettered() {
        clients.sender(TestEntities.EXPIRING)
                .sendMessage(new ServiceBusMessage("stale").setTimeToLive(Duration.ofMillis(300)));

        ServiceBusReceivedMessage dead = Clients.receiveOne(clients.deadLetters(TestEntities.EXPIRING));

        assertThat(dead.getBody()).hasToString("stale");
        assertThat(dead.getDeadLetterReason()).isEqualTo("TTLExpiredException");
    }

    @Test
    void expiredMessageIsDroppedWhereTheQueueSaysSo() {
        clients.sender(TestEntities.PLAIN)
                .sendMessage(new ServiceBusMessage("stale").setTimeToLive(Duration.ofMillis(300)));
        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);

        await().atMost(Clients.PATIENCE).until(() -> receiver.peekMessage(0) == null);

        assertThat(clients.deadLetters(TestEntities.PLAIN).peekMessage()).isNull();
    }

    @Test
    void dropsAMessageWhoseIdWasSeen() {
        ServiceBusSenderClient sender = clients.sender(TestEntities.DEDUPLICATED);
        sender.sendMessage(new ServiceBusMessage("first").setMessageId("same"));
        sender.sendMessage(new ServiceBusMessage("second").setMessageId("same"));
        sender.sendMessages(List.of(
                new ServiceBusMessage("third").setMessageId("same"),
                new ServiceBusMessage("other").setMessageId("another")));

        assertThat(Clients.bodies(Clients.receive(clients.deleting(TestEntities.DEDUPLICATED), 2)))
                .containsExactly("first", "other");
    }

    @Test
    void scheduledMessageAppearsAtItsTime() {
        ServiceBusSenderClient sender = clients.sender(TestEntities.PLAIN);
        OffsetDateTime due = OffsetDateTime.now().plusSeconds(2);
        sender.scheduleMessage(new ServiceBusMessage("then"), due);

        ServiceBusReceivedMessage received = Clients.receiveOne(clients.receiver(TestEntities.PLAIN));

        assertThat(received.getBody()).hasToString("then");
        assertThat(received.getEnqueuedTime()).isAfterOrEqualTo(due.withNano(0));
    }

    @Test
    void cancelledScheduledMessageNeverAppears() {
        ServiceBusSenderClient sender = clients.sender(TestEntities.PLAIN);
        Long number = sender.scheduleMessage(
                new ServiceBusMessage("never"), OffsetDateTime.now().plusSeconds(1));
        sender.cancelScheduledMessage(number);

        assertThat(clients.receiver(TestEntities.PLAIN).peekMessage()).isNull();
    }
}
