package org.raygateway.ray.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.raygateway.job.StatusEvent;
import org.raygateway.logging.Outage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Publishes status events to Service Bus: one connection and one thread for all actors of a JVM. The thread sends all that
 * has come since its last send as one batch, so that a busy broker costs latency, not throughput. What fails, or does not
 * come back, is sent again with back-off over a new connection, in order, until it is confirmed or the publisher closed.
 */
public final class ServiceBusStatusPublisher implements StatusPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceBusStatusPublisher.class);
    private static final int MOST_IN_A_BATCH = 500;
    private static final Duration ROOM_PATIENCE = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** Above what the SDK takes where its own timeouts hold, so that this one is for calls that hang. */
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(30);

    private static final int MOST_STUCK = 4;

    private final Outage outage = new Outage(LOG, Level.WARN);
    private final EventQueue queue;
    private final Duration closePatience;
    private final Duration callPatience;
    private final Supplier<EventSender> connect;
    private final List<TimedSender> stuck = new ArrayList<>();
    private final Thread thread;
    private TimedSender sender;
    private volatile long giveUpNanos;

    public ServiceBusStatusPublisher(ServiceBusSettings settings) {
        this(settings.capacity(), settings.closePatience(), CALL_PATIENCE, () -> new ServiceBusEventSender(settings));
    }

    /** @param callPatience after which a call of a sender counts as failed, and is left behind with its sender */
    ServiceBusStatusPublisher(
            int capacity, Duration closePatience, Duration callPatience, Supplier<EventSender> connect) {
        this.queue = new EventQueue(capacity);
        this.closePatience = closePatience;
        this.callPatience = callPatience;
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
        try {
            List<StatusMessage> next = queue.awaitOldest(MOST_IN_A_BATCH);
            while (!next.isEmpty()) {
                if (!sendUntilConfirmed(next)) {
                    LOG.error("{} status events were not sent before the publisher closed", queue.size());
                    return;
                }
                next = queue.awaitOldest(MOST_IN_A_BATCH);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    /** False where the publisher was closed and its time is over. */
    private boolean sendUntilConfirmed(List<StatusMessage> events) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (!isSent(events)) {
            if (queue.isClosed() && System.nanoTime() - giveUpNanos > 0) {
                return false;
            }
            queue.pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        return true;
    }

    private boolean isSent(List<StatusMessage> events) {
        try {
            queue.sent(events.subList(0, connected().send(events)));
            outage.over("Status events are sent again");
            return true;
        } catch (RuntimeException | Error failed) {
            // Errors too: a computation that uses up the memory must not end the one way out for all actors of its JVM.
            outage.failed("Status events could not be sent (" + queue.size() + " wait): " + failed);
            disconnect();
            return false;
        }
    }

    private EventSender connected() {
        if (sender == null) {
            stuck.removeIf(left -> !left.isStuck());
            if (stuck.size() >= MOST_STUCK) {
                throw new IllegalStateException(
                        MOST_STUCK + " senders have not come back; no more are made until one does");
            }
            sender = new TimedSender(connect.get(), callPatience);
        }
        return sender;
    }

    private void disconnect() {
        TimedSender last = sender;
        sender = null;
        if (last == null) {
            return;
        }
        try {
            last.close();
        } catch (RuntimeException | Error failed) {
            LOG.debug("The connection to Service Bus did not close cleanly", failed);
        }
        if (last.isStuck()) {
            stuck.add(last);
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
