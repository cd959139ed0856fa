package org.raygateway.ray.publish;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.raygateway.job.StatusEvent;
import org.raygateway.logging.Outage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Publishes status events to Service Bus: one connection and one thread for all actors of a JVM. The thread sends all that
 * has come since its last send as one batch, so that a busy broker costs latency, not throughput. What fails is sent again
 * with back-off, in order, until it is confirmed or the publisher closed.
 */
public final class ServiceBusStatusPublisher implements StatusPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceBusStatusPublisher.class);
    private static final int MOST_IN_A_BATCH = 500;
    private static final Duration ROOM_PATIENCE = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Outage outage = new Outage(LOG, Level.WARN);
    private final EventQueue queue;
    private final Duration closePatience;
    private final Supplier<EventSender> connect;
    private final Thread thread;
    private volatile long giveUpNanos;

    public ServiceBusStatusPublisher(ServiceBusSettings settings) {
        this(settings.capacity(), settings.closePatience(), () -> new ServiceBusEventSender(settings));
    }

    ServiceBusStatusPublisher(int capacity, Duration closePatience, Supplier<EventSender> connect) {
        this.queue = new EventQueue(capacity);
        this.closePatience = closePatience;
        this.connect = connect;
        this.thread = new Thread(this::sendAll, "status-publisher");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public boolean publish(StatusMessage message) {
        boolean taken = queue.offer(message, ROOM_PATIENCE);
        StatusEvent event = message.event();
        if (!taken && event.status().isTerminal()) {
            LOG.error(
                    "The terminal status of job {} attempt {} found no room among {} events; the driver remembers it",
                    event.jobId(),
                    event.attempt(),
                    queue.size());
        }
        return taken;
    }

    @Override
    public boolean flush(Duration patience) {
        return queue.awaitEmpty(patience);
    }

    private void sendAll() {
        try (EventSender sender = connect.get()) {
            List<StatusMessage> next = queue.awaitOldest(MOST_IN_A_BATCH);
            while (!next.isEmpty()) {
                if (!sendUntilConfirmed(sender, next)) {
                    LOG.error("{} status events were not sent before the publisher closed", queue.size());
                    return;
                }
                next = queue.awaitOldest(MOST_IN_A_BATCH);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** False where the publisher was closed and its time is over. */
    private boolean sendUntilConfirmed(EventSender sender, List<StatusMessage> events) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                queue.sent(events.subList(0, sender.send(events)));
                outage.over("Status events are sent again");
                return true;
            } catch (RuntimeException failed) {
                outage.failed("Status events could not be sent (" + queue.size() + " wait): " + failed);
            }
            if (queue.isClosed() && System.nanoTime() - giveUpNanos > 0) {
                return false;
            }
            queue.pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    @Override
    public void close() {
        giveUpNanos = System.nanoTime() + closePatience.toNanos();
        queue.close();
        try {
            thread.join(closePatience.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
