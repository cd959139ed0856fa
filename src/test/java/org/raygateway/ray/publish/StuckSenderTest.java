package org.raygateway.ray.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.raygateway.ray.publish.EventQueueTest.Events;

/** Senders that never come back, or fail as none should, do not silence the actors of a JVM. */
class StuckSenderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<StuckSender> made = new CopyOnWriteArrayList<>();
    private final List<Long> sent = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private ServiceBusStatusPublisher publisher;

    private enum Way {
        SEND_HANGS,
        CLOSE_HANGS,
        ERROR
    }

    /** What the first senders do; the others send. */
    private final class StuckSender implements EventSender {
        private final Way way;
        private volatile boolean closed;

        StuckSender(Way way) {
            this.way = way;
        }

        @Override
        public int send(List<StatusMessage> messages) {
            if (way == Way.SEND_HANGS) {
                hang();
                return messages.size();
            }
            if (way != null) {
                throw new OutOfMemoryError("for a test");
            }
            messages.forEach(message -> sent.add(message.event().sequence()));
            return messages.size();
        }

        @Override
        public void close() {
            closed = true;
            if (way == Way.CLOSE_HANGS) {
                hang();
            }
        }

        /** Whatever interrupts it. */
        private void hang() {
            boolean released = false;
            while (!released) {
                try {
                    release.await();
                    released = true;
                } catch (InterruptedException ignored) {
                    released = false;
                }
            }
        }
    }

    private void publish(Way way, int stuck) {
        publisher = new ServiceBusStatusPublisher(100, Duration.ofMillis(500), Duration.ofMillis(50), () -> {
            made.add(new StuckSender(made.size() < stuck ? way : null));
            return made.get(made.size() - 1);
        });
        publisher.publish(Events.running(1));
        publisher.publish(Events.running(2));
        publisher.publish(Events.completed(3));
    }

    @AfterEach
    void stop() {
        release.countDown();
        publisher.close();
    }

    private void assertSentByTheThird() {
        assertThat(publisher.flush(PATIENCE)).isTrue();
        assertThat(sent).containsExactly(1L, 2L, 3L);
        assertThat(made).extracting(sender -> sender.closed).containsExactly(true, true, false);
    }

    @Test
    void goesOnInOrderWhereSendsNeverComeBack() {
        publish(Way.SEND_HANGS, 2);
        assertSentByTheThird();
    }

    @Test
    void goesOnInOrderWhereSendersDoNotClose() {
        publish(Way.CLOSE_HANGS, 2);
        assertSentByTheThird();
    }

    @Test
    void goesOnAfterErrors() {
        publish(Way.ERROR, 2);
        assertSentByTheThird();
    }

    @Test
    void goesOnWhereNoSenderCanBeMadeAtFirst() {
        publisher = new ServiceBusStatusPublisher(100, Duration.ofMillis(500), PATIENCE, () -> {
            made.add(new StuckSender(null));
            if (made.size() == 1) {
                throw new IllegalStateException("for a test");
            }
            return made.get(1);
        });
        publisher.publish(Events.completed(3));

        assertThat(publisher.flush(PATIENCE)).isTrue();
        assertThat(sent).containsExactly(3L);
    }

    @Test
    void leavesFewSendersBehindAndGoesOnWhenTheyComeBack() {
        publish(Way.SEND_HANGS, 4);
        await().atMost(PATIENCE).until(() -> made.size() == 4 && made.get(3).closed);
        assertThat(publisher.flush(Duration.ofMillis(500))).isFalse();
        assertThat(made).hasSize(4);

        release.countDown();

        assertThat(publisher.flush(PATIENCE)).isTrue();
        assertThat(sent).containsExactly(1L, 2L, 3L);
    }
}
