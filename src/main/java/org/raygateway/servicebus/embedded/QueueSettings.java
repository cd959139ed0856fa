package org.raygateway.servicebus.embedded;

/**
 * What a queue or subscription does with its messages. Times are in milliseconds.
 *
 * @param lockMillis how long a receiver may hold a message without renewing
 * @param timeToLiveMillis upper bound of every message's time to live, {@link Long#MAX_VALUE} for none
 * @param maxDeliveryCount deliveries after which a message is dead-lettered
 * @param duplicateWindowMillis how long message ids are remembered, 0 for no duplicate detection
 * @param deadLetterOnExpiration whether expired messages are dead-lettered rather than dropped
 */
record QueueSettings(
        long lockMillis,
        long timeToLiveMillis,
        int maxDeliveryCount,
        long duplicateWindowMillis,
        boolean deadLetterOnExpiration) {

    /** A dead-letter queue keeps what it has: nothing expires, nothing is moved on. */
    QueueSettings forDeadLetters() {
        return new QueueSettings(lockMillis, Long.MAX_VALUE, Integer.MAX_VALUE, 0, false);
    }
}
