package org.raygateway.servicebus.embedded;

import org.raygateway.servicebus.embedded.Timers.Timer;

/** A message in a queue, and what the queue knows about it. Touched by the event loop only. */
final class StoredMessage {

    /** Values are those of the {@code x-opt-message-state} annotation. */
    enum State {
        ACTIVE,
        DEFERRED,
        SCHEDULED
    }

    /** Row in the message log; the same for the message's whole life, also in the dead-letter queue. */
    final long id;

    MessageContent content;
    String queue;
    long sequence;
    long enqueuedAt;
    /** Epoch milliseconds, 0 for never. */
    long expiresAt;

    long scheduledFor;
    int deliveryCount;
    State state = State.ACTIVE;
    /** The queue the message was dead-lettered from, or null. */
    String deadLetterSource;

    /** Set while a receiver holds the message. */
    MessageLock lock;
    /** Fires at expiry or at the scheduled time; not stored. */
    Timer timer;
    /** The message log has a row for it, with this content. */
    MessageContent loggedContent;

    StoredMessage(long id, MessageContent content) {
        this.id = id;
        this.content = content;
    }
}
