package org.raygateway.servicebus;

import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.raygateway.logging.Outage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Renews the locks of messages in hand, all by one timer: most messages are settled long before their lock runs out and cost
 * nothing. The SDK's own renewal makes a timer for each message.
 */
final class LockKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LockKeeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Set<ServiceBusFailureReason> LOST =
            Set.of(ServiceBusFailureReason.MESSAGE_LOCK_LOST, ServiceBusFailureReason.MESSAGE_NOT_FOUND);
    /** Part of a lock's time that may be left when it is renewed. */
    private static final int LEFT_PART = 2;

    private final ServiceBusReceiverAsyncClient receiver;
    private final Duration longest;
    private final Outage failures = new Outage(LOG, Level.WARN);
    private final Map<ServiceBusReceivedMessage, Held> held = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lock-keeper");
        thread.setDaemon(true);
        return thread;
    });

    private record Held(Instant since, Instant renewAt) {
        static Held of(Instant since, Instant now, OffsetDateTime lockedUntil) {
            Duration left = lockedUntil == null ? Duration.ZERO : Duration.between(now, lockedUntil.toInstant());
            return new Held(since, now.plus(left.dividedBy(LEFT_PART)));
        }
    }

    /** @param longest time after which a message is given up to the queue again */
    LockKeeper(ServiceBusReceiverAsyncClient receiver, Duration longest) {
        this.receiver = receiver;
        this.longest = longest;
        timer.scheduleWithFixedDelay(this::renewDue, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    void hold(ServiceBusReceivedMessage message) {
        Instant now = Instant.now();
        held.put(message, Held.of(now, now, message.getLockedUntil()));
    }

    void release(ServiceBusReceivedMessage message) {
        held.remove(message);
    }

    private void renewDue() {
        Instant now = Instant.now();
        held.forEach((message, lock) -> {
            if (now.isBefore(lock.renewAt())) {
                return;
            }
            if (now.isAfter(lock.since().plus(longest))) {
                held.remove(message);
                return;
            }
            receiver.renewMessageLock(message)
                    .subscribe(
                            until -> held.computeIfPresent(
                                    message, (key, present) -> Held.of(present.since(), Instant.now(), until)),
                            failure -> failed(message, failure));
        });
    }

    /** A lock that is lost stays lost; any other failure is worth another try, yet not one each second. */
    private void failed(ServiceBusReceivedMessage message, Throwable failure) {
        if (failure instanceof ServiceBusException known && LOST.contains(known.getReason())) {
            held.remove(message);
        } else {
            held.computeIfPresent(
                    message,
                    (key, present) -> new Held(present.since(), Instant.now().plus(PAUSE)));
        }
        failures.failed("The lock of message " + message.getMessageId() + " could not be renewed; it may come again: "
                + failure);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        held.clear();
    }
}
