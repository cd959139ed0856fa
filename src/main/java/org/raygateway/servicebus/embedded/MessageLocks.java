package org.raygateway.servicebus.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** The locks one queue has given out, by their tokens. */
final class MessageLocks {

    private final Timers timers;
    private final long lockMillis;
    private final Consumer<StoredMessage> whenExpired;
    private final Map<UUID, MessageLock> locks = new HashMap<>();

    /** @param whenExpired gets a message whose lock ran out, after it was unlocked */
    MessageLocks(Timers timers, long lockMillis, Consumer<StoredMessage> whenExpired) {
        this.timers = timers;
        this.lockMillis = lockMillis;
        this.whenExpired = whenExpired;
    }

    MessageLock lock(StoredMessage message) {
        MessageLock lock = new MessageLock(UUID.randomUUID(), message);
        message.lock = lock;
        locks.put(lock.token, lock);
        extend(lock);
        return lock;
    }

    /** @throws AmqpException {@code com.microsoft:message-lock-lost} for a token that locks nothing (any more) */
    MessageLock require(UUID token) {
        MessageLock lock = locks.get(token);
        if (lock == null) {
            throw new AmqpException(
                    Condition.LOCK_LOST,
                    "The lock supplied is invalid. Either the lock expired, or the message has already been removed from"
                            + " the queue.");
        }
        return lock;
    }

    void extend(MessageLock lock) {
        timers.cancel(lock.timer);
        lock.lockedUntil = timers.now() + lockMillis;
        lock.timer = timers.schedule(lock.lockedUntil, () -> {
            unlock(lock);
            whenExpired.accept(lock.message);
        });
    }

    void unlock(MessageLock lock) {
        timers.cancel(lock.timer);
        locks.remove(lock.token);
        lock.message.lock = null;
    }
}
