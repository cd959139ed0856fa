package org.raygateway.ray.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

class EventQueueTest {
    private static final Duration NO_PATIENCE = Duration.ZERO;

    private final EventQueue queue = new EventQueue(3);

    @Test
    void dropsNewProgressWhenFull() throws Exception {
        StatusMessage first = Events.running(1);
        queue.offer(first, NO_PATIENCE);
        queue.offer(Events.running(2), NO_PATIENCE);
        queue.offer(Events.running(3), NO_PATIENCE);
        assertThat(queue.offer(Events.running(4), NO_PATIENCE)).isFalse();
        assertThat(queue.awaitOldest(10)).hasSize(3).startsWith(first);
    }

    @Test
    void terminalTakesThePlaceOfTheOldestProgress() throws Exception {
        StatusMessage first = Events.running(1);
        StatusMessage third = Events.running(3);
        StatusMessage terminal = Events.completed(4);
        queue.offer(first, NO_PATIENCE);
        queue.offer(Events.running(2), NO_PATIENCE);
        queue.offer(third, NO_PATIENCE);
        assertThat(queue.offer(terminal, NO_PATIENCE)).isTrue();
        assertThat(queue.awaitOldest(10)).containsExactly(first, third, terminal);
    }

    @Test
    void terminalWaitsForRoomAmongTerminals() {
        for (int i = 0; i < 3; i++) {
            queue.offer(Events.completed(9), NO_PATIENCE);
        }
        CompletableFuture<Boolean> taken =
                CompletableFuture.supplyAsync(() -> queue.offer(Events.completed(9), Duration.ofSeconds(20)));
        CompletableFuture.runAsync(() -> queue.sent(oldest()));
        assertThat(taken.join()).isTrue();
    }

    @Test
    void refusesTerminalWhereNoRoomComes() {
        for (int i = 0; i < 3; i++) {
            queue.offer(Events.completed(9), NO_PATIENCE);
        }
        assertThat(queue.offer(Events.completed(9), Duration.ofMillis(10))).isFalse();
    }

    @Test
    void refusesEverythingOnceClosed() {
        queue.close();
        assertThat(queue.offer(Events.completed(1), NO_PATIENCE)).isFalse();
    }

    private List<StatusMessage> oldest() {
        try {
            return queue.awaitOldest(1);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Events of one job. */
    static final class Events {
        static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        private static final JobId JOB = JobId.next();

        private Events() {}

        static StatusMessage running(long sequence) {
            return message(
                    new StatusEvent(JOB, JobStatus.RUNNING, (int) sequence, 1, sequence, null, null, Instant.EPOCH));
        }

        static StatusMessage completed(long sequence) {
            return message(new StatusEvent(JOB, JobStatus.COMPLETED, 100, 1, sequence, null, "{}", Instant.EPOCH));
        }

        private static StatusMessage message(StatusEvent event) {
            return new StatusMessage(event, TRACEPARENT);
        }
    }
}
