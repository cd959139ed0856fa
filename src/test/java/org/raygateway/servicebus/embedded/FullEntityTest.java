package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One entity being full is no other's concern: 160 messages for a queue, and a topic with two subscriptions. */
class FullEntityTest {
    private static final String OWN = "statuses/subscriptions/own";
    private static final String STRANGERS = "statuses/subscriptions/strangers";
    private static final String ENTITIES =
            """
            {"UserConfig": {"Namespaces": [{"Name": "n",
              "Queues": [{"Name": "jobs", "Properties": {"MaxDeliveryCount": 1}}],
              "Topics": [{"Name": "statuses", "Properties": {}, "Subscriptions": [
                {"Name": "own", "Properties": {}}, {"Name": "strangers", "Properties": {}}]}]}],
              "Logging": {"Type": "File"}}}
            """;

    @TempDir
    Path directory;

    private final MessageCodec codec = new MessageCodec();
    private long now = 1_000_000;
    private Timers timers;
    private Namespace namespace;

    @BeforeEach
    void create() {
        create(Set.of(OWN));
    }

    private void create(Set<String> essential) {
        EntityConfiguration configuration = EntityConfigurationReader.read(TestEntities.write(directory, ENTITIES));
        EmbeddedServiceBusLimits limits = new EmbeddedServiceBusLimits(
                1 << 20, 1, 1, 160, 1 << 24, 3, Duration.ofSeconds(1), Duration.ofSeconds(1));
        timers = new Timers(() -> now);
        BrokerContext context = new BrokerContext(timers, new MemoryLog(), codec, limits, configuration.size());
        namespace = new Namespace(context, configuration, essential);
    }

    private MessageContent message() {
        return message(0);
    }

    private MessageContent message(long scheduledFor) {
        Message message = Message.Factory.create();
        message.setBody(new AmqpValue("body"));
        if (scheduledFor > 0) {
            message.setMessageAnnotations(new org.apache.qpid.proton.amqp.messaging.MessageAnnotations(Map.of(
                    org.apache.qpid.proton.amqp.Symbol.valueOf("x-opt-scheduled-enqueue-time"),
                    new java.util.Date(scheduledFor))));
        }
        return codec.parse(codec.encode(message));
    }

    private int publishUntilFull(Entity entity) {
        for (int count = 0; count < 1_000; count++) {
            try {
                entity.publish(List.of(message()));
            } catch (AmqpException full) {
                assertThat(full).hasMessageContaining("is full");
                return count;
            }
        }
        throw new AssertionError("never full");
    }

    private long held(String queue) {
        return StreamSupport.stream(namespace.queue(queue).from(0).spliterator(), false)
                .count();
    }

    @Test
    void aFullQueueLeavesStatusesTheirRoom() {
        assertThat(publishUntilFull(namespace.entity("jobs"))).isEqualTo(95);

        namespace.topic("statuses").publish(List.of(message()));

        assertThat(held(OWN)).isEqualTo(1);
    }

    @Test
    void aFullTopicLeavesTheQueueItsRoom() {
        publishUntilFull(namespace.topic("statuses"));

        assertThat(publishUntilFull(namespace.entity("jobs"))).isEqualTo(15);
    }

    @Test
    void aStrangersFullSubscriptionGoesWithout() {
        fillOnly(STRANGERS);
        long full = held(STRANGERS);

        namespace.topic("statuses").publish(List.of(message()));

        assertThat(held(OWN)).isEqualTo(1);
        assertThat(held(STRANGERS)).isEqualTo(full);
    }

    @Test
    void aFullSubscriptionOfOursRefusesTheMessageToAll() {
        fillOnly(OWN);

        assertThatThrownBy(() -> namespace.topic("statuses").publish(List.of(message())))
                .isInstanceOf(AmqpException.class)
                .hasMessageContaining("'" + OWN + "' is full");
        assertThat(held(STRANGERS)).isZero();
    }

    @Test
    void withoutOneOfOursAnyFullSubscriptionRefusesAsAzureDoes() {
        create(Set.of());
        fillOnly(STRANGERS);

        assertThatThrownBy(() -> namespace.topic("statuses").publish(List.of(message())))
                .isInstanceOf(AmqpException.class);
        assertThat(held(OWN)).isZero();
    }

    @Test
    void aScheduledMessageWaitsWhileThereIsNoRoomForIt() {
        namespace.topic("statuses").schedule(List.of(message(now + 60_000)));
        fillOnly(OWN);

        now += 60_000;
        timers.runDue();
        assertThat(held("statuses/subscriptions/strangers")).isZero();

        namespace.queue(OWN).remove(namespace.queue(OWN).from(0).iterator().next());
        now += 1_000;
        timers.runDue();
        assertThat(held(STRANGERS)).isEqualTo(1);
    }

    @Test
    void deadLettersTakeNothingFromTheLivingAndTheOldestMakeRoom() {
        MessageQueue jobs = namespace.queue("jobs");
        Taker taker = new Taker();
        jobs.addReceiver(taker);
        for (int i = 0; i < 30; i++) {
            jobs.publish(List.of(message()));
            jobs.dispatch();
            jobs.settle(taker.last, new Settlement.DeadLetter("bad", "number " + i, Map.of()));
        }

        assertThat(held("jobs/$deadletterqueue")).isEqualTo(5);
        assertThat(jobs.deadLetters().from(0).iterator().next().sequence).isEqualTo(26);
        jobs.removeReceiver(taker);
        assertThat(publishUntilFull(jobs)).isEqualTo(95);
    }

    /** Fills a subscription until nothing more fits into it, its topic aside. */
    private void fillOnly(String subscription) {
        MessageQueue queue = namespace.queue(subscription);
        while (queue.share().fits(List.of(message()))) {
            queue.enqueue(message());
        }
    }

    private static final class Taker implements MessageReceiver {
        private UUID last;

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean deletesOnReceive() {
            return false;
        }

        @Override
        public void deliver(UUID lockToken, byte[] encoded) {
            last = lockToken;
        }
    }
}
