package org.raygateway.servicebus.embedded;

import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** How much the broker holds, against how much it may hold. */
final class Capacity {

    /** What a stored message costs beside its bytes: indexes, decoded annotations, object headers. */
    static final int OVERHEAD_BYTES = 512;

    private final int maxMessages;
    private final long maxBytes;
    private int messages;
    private long bytes;

    Capacity(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** @throws AmqpException {@code amqp:resource-limit-exceeded} when so much more does not fit */
    void require(int moreMessages, long moreBytes) {
        if (messages + moreMessages > maxMessages || bytes + moreBytes + cost(moreMessages) > maxBytes) {
            throw new AmqpException(
                    Condition.RESOURCE_LIMIT,
                    "The namespace is full: it holds " + messages + " of at most " + maxMessages + " messages and "
                            + bytes + " of at most " + maxBytes + " bytes. Receive messages, then send again.");
        }
    }

    void add(int messageBytes) {
        messages++;
        bytes += messageBytes + OVERHEAD_BYTES;
    }

    void remove(int messageBytes) {
        messages--;
        bytes -= messageBytes + OVERHEAD_BYTES;
    }

    private static long cost(int messages) {
        return (long) messages * OVERHEAD_BYTES;
    }
}
