package org.raygateway.ray.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.messaging.servicebus.ServiceBusMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;
import org.raygateway.ray.publish.EventQueueTest.Events;

class ServiceBusStatusPublisherTest {
    private final FakeSender sender = new FakeSender();
    private final ServiceBusStatusPublisher publisher =
            new ServiceBusStatusPublisher(1000, Duration.ofMillis(500), Duration.ofSeconds(30), () -> sender);

    /** Takes at most ten events at a time, once it is open, and fails as often as it is told. */
    private static final class FakeSender implements EventSender {
        final List<StatusMessage> sent = new CopyOnWriteArrayList<>();
        final AtomicInteger failures = new AtomicInteger();
        final AtomicInteger sends = new AtomicInteger();
        final CountDownLatch open = new CountDownLatch(1);
        volatile boolean closed;

        @Override
        public int send(List<StatusMessage> events) {
            awaitOpen();
            sends.incrementAndGet();
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("the broker is down");
            }
            int count = Math.min(10, events.size());
            sent.addAll(events.subList(0, count));
            return count;
        }

        private void awaitOpen() {
            try {
                open.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void sendsWhatHasComeTogetherAndInOrder() {
        for (int i = 1; i <= 95; i++) {
            publisher.publish(Events.running(i));
        }
        sender.open.countDown();
        await().until(() -> sender.sent.size() == 95);
        publisher.close();
        assertThat(sender.sent)
                .extracting(message -> message.event().sequence())
                .isSorted();
        assertThat(sender.sends.get()).isLessThanOrEqualTo(11);
        await().until(() -> sender.closed);
    }

    @Test
    void sendsAgainUntilConfirmed() {
        sender.failures.set(3);
        sender.open.countDown();
        publisher.publish(Events.completed(1));
        await().until(() -> sender.sent.size() == 1);
        publisher.close();
        assertThat(sender.sent).hasSize(1);
    }

    @Test
    void closeSendsWhatWasTaken() {
        for (int i = 1; i <= 50; i++) {
            publisher.publish(Events.running(i));
        }
        sender.open.countDown();
        publisher.close();
        assertThat(sender.sent).hasSize(50);
    }

    @Test
    void closeGivesUpOnBrokerThatStaysDown() {
        sender.failures.set(Integer.MAX_VALUE);
        sender.open.countDown();
        publisher.publish(Events.completed(1));
        publisher.close();
        await().until(() -> sender.closed);
        assertThat(sender.sent).isEmpty();
    }

    @Test
    void writesMessagesAsTheContractSays() {
        StatusEvent event = Events.completed(7).event();
        ServiceBusMessage message = ServiceBusEventSender.message(new StatusMessage(event, Events.TRACEPARENT));
        assertThat(message.getMessageId()).isEqualTo(event.jobId() + ":1:7");
        assertThat(message.getCorrelationId()).isEqualTo(event.jobId().toString());
        assertThat(message.getContentType()).isEqualTo("application/json");
        assertThat(StatusEventJson.read(message.getBody().toString())).isEqualTo(event);
        assertThat(message.getApplicationProperties()).containsExactly(Map.entry("traceparent", Events.TRACEPARENT));
    }

    @Test
    void writesNoTraceWhereThereIsNone() {
        ServiceBusMessage message = ServiceBusEventSender.message(
                new StatusMessage(Events.completed(7).event(), ""));
        assertThat(message.getApplicationProperties()).isEmpty();
    }
}
