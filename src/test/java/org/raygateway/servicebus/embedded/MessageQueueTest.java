package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** A queue by itself, with a clock the test moves. */
class MessageQueueTest {

    private static final long LOCK = 60_000;
    private static final long WINDOW = 10_000;

    private final MessageCodec codec = new MessageCodec();
    private final MemoryLog log = new MemoryLog();
    private final Receiver receiver = new Receiver();
    private long now = 1_000_000;
    private Timers timers;
    private BrokerContext context;
    private MessageQueue queue;

    @BeforeEach
    void create() {
        EmbeddedServiceBusLimits limits = new EmbeddedServiceBusLimits(
                1 << 20, 1, 1, 100, 1 << 20, 3, Duration.ofSeconds(1), Duration.ofSeconds(1));
        timers = new Timers(() -> now);
        context = new BrokerContext(timers, log, codec, limits);
        queue = MessageQueue.withDeadLetters(context, "q", new QueueSettings(LOCK, Long.MAX_VALUE, 2, WINDOW, false));
        queue.addReceiver(receiver);
    }

    private static final class Receiver implements MessageReceiver {
        final List<UUID> tokens = new ArrayList<>();
        int credit;

        @Override
        public boolean isReady() {
            return credit > 0;
        }

        @Override
        public boolean deletesOnReceive() {
            return false;
        }

        @Override
        public void deliver(UUID lockToken, byte[] encoded) {
            credit--;
            tokens.add(lockToken);
        }
    }

    private void send(String id) {
        Message message = Message.Factory.create();
        message.setMessageId(id);
        message.setBody(new AmqpValue("body"));
        queue.publish(List.of(codec.parse(codec.encode(message))));
    }

    private UUID receive() {
        receiver.credit = 1;
        context.changed(queue);
        context.dispatch();
        receiver.credit = 0;
        return receiver.tokens.isEmpty() ? null : receiver.tokens.remove(0);
    }

    private void pass(long millis) {
        now += millis;
        timers.runDue();
    }

    private static int count(MessageQueue queue) {
        List<StoredMessage> messages = new ArrayList<>();
        queue.from(0).forEach(messages::add);
        return messages.size();
    }

    @Test
    void forgetsIdsWhenTheirWindowHasPassed() {
        send("a");
        pass(WINDOW - 1);
        send("a");
        assertThat(count(queue)).isEqualTo(1);

        pass(1);
        send("a");
        assertThat(count(queue)).isEqualTo(2);
        assertThat(log.remembered).hasSize(1);
    }

    @Test
    void remembersNoMoreIdsThanItsBound() {
        List.of("a", "b", "c", "d").forEach(id -> {
            pass(1);
            send(id);
        });
        send("d");
        send("a");

        assertThat(count(queue)).isEqualTo(5);
        assertThat(log.remembered).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void givesAMessageOutAgainWhenItsLockRanOut() {
        send("a");
        UUID first = receive();
        assertThat(receive()).isNull();

        pass(LOCK);
        UUID second = receive();

        assertThat(second).isNotNull().isNotEqualTo(first);
        assertThatThrownBy(() -> queue.settle(first, new Settlement.Complete()))
                .isInstanceOfSatisfying(
                        AmqpException.class, e -> assertThat(e.condition()).isEqualTo(Condition.LOCK_LOST));
    }

    @Test
    void deadLettersWhenLocksRanOutTooOften() {
        send("a");
        receive();
        pass(LOCK);
        receive();
        pass(LOCK);

        assertThat(count(queue)).isZero();
        assertThat(count(queue.deadLetters())).isEqualTo(1);
    }

    @Test
    void nothingLeavesADeadLetterQueueByItself() {
        send("a");
        queue.settle(receive(), new Settlement.DeadLetter("bad", null, Map.of()));
        queue.removeReceiver(receiver);
        queue.deadLetters().addReceiver(receiver);
        for (int delivery = 0; delivery < 5; delivery++) {
            receive();
            pass(LOCK);
        }
        UUID token = receive();

        assertThatThrownBy(() -> queue.deadLetters().settle(token, new Settlement.DeadLetter("again", null, Map.of())))
                .isInstanceOfSatisfying(
                        AmqpException.class, e -> assertThat(e.condition()).isEqualTo(Condition.NOT_ALLOWED));
        queue.deadLetters().settle(token, new Settlement.Abandon(Map.of()));
        assertThat(queue.deadLetters().from(0)).singleElement().satisfies(dead -> assertThat(dead.deliveryCount)
                .isZero());
    }

    @Test
    void releasedMessageKeepsItsPlaceAndCount() {
        send("a");
        send("b");
        queue.settle(receive(), new Settlement.Release());

        queue.settle(receive(), new Settlement.Complete());

        assertThat(queue.from(0)).singleElement().satisfies(left -> {
            assertThat(left.content.messageId()).isEqualTo("b");
            assertThat(left.deliveryCount).isZero();
        });
    }

    @Test
    void keepsNoTimersForMessagesThatAreGone() {
        send("a");
        queue.settle(receive(), new Settlement.Complete());

        assertThat(timers.size()).isZero();
    }

    @Test
    void cancelsAllScheduledMessagesOrNone() {
        Message message = Message.Factory.create();
        message.setBody(new AmqpValue("later"));
        message.setMessageAnnotations(new org.apache.qpid.proton.amqp.messaging.MessageAnnotations(
                Map.of(MessageContent.SCHEDULED_ENQUEUE_TIME, new java.util.Date(now + 5_000))));
        long number =
                queue.schedule(List.of(codec.parse(codec.encode(message)))).get(0);

        assertThatThrownBy(() -> queue.cancelScheduled(List.of(number, number + 1)))
                .isInstanceOfSatisfying(
                        AmqpException.class, e -> assertThat(e.condition()).isEqualTo(Condition.MESSAGE_NOT_FOUND));
        assertThat(count(queue)).isEqualTo(1);
        queue.cancelScheduled(List.of(number));
        assertThat(count(queue)).isZero();
        assertThat(timers.size()).isZero();
    }
}
