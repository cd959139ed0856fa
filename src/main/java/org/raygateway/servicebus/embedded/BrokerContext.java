package org.raygateway.servicebus.embedded;

import java.util.LinkedHashSet;
import java.util.Set;

/** What all queues of a broker share. Touched by the event loop only. */
final class BrokerContext {

    final Timers timers;
    final MessageLog log;
    final MessageCodec codec;
    final Capacity capacity;
    final int maxRememberedIds;

    private final Set<MessageQueue> changed = new LinkedHashSet<>();
    private long lastMessageId;

    /** @param entities queues, topics and subscriptions there will be */
    BrokerContext(Timers timers, MessageLog log, MessageCodec codec, EmbeddedServiceBusLimits limits, int entities) {
        this.timers = timers;
        this.log = log;
        this.codec = codec;
        this.capacity = new Capacity(limits.maxMessages(), limits.maxBytes(), entities);
        this.maxRememberedIds = limits.maxRememberedIds();
    }

    long nextMessageId() {
        return ++lastMessageId;
    }

    void usedMessageId(long id) {
        lastMessageId = Math.max(lastMessageId, id);
    }

    /** The queue may have something for a receiver; it is looked at before the turn ends. */
    void changed(MessageQueue queue) {
        changed.add(queue);
    }

    boolean hasChanges() {
        return !changed.isEmpty();
    }

    /** Hands messages out until no queue has both a message and a willing receiver. */
    void dispatch() {
        while (!changed.isEmpty()) {
            MessageQueue[] queues = changed.toArray(MessageQueue[]::new);
            changed.clear();
            for (MessageQueue queue : queues) {
                queue.dispatch();
            }
        }
    }
}
