package org.raygateway.servicebus.embedded;

import java.util.List;
import org.raygateway.logging.Outage;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * How much the broker holds, against how much it may hold. A part is reserved for each entity, so that none can keep another one
 * out; the rest goes to whoever needs more than that first. Dead letters have a part of their own.
 */
final class Capacity {

    private static final Logger LOG = LoggerFactory.getLogger(Capacity.class);

    /** What a stored message costs beside its bytes: indexes, decoded annotations, object headers. */
    static final int OVERHEAD_BYTES = 512;

    private static final int COMMON_EIGHTHS = 4;
    private static final int RESERVED_EIGHTHS = 3;
    private static final int DEAD_EIGHTHS = 1;

    private final long reservedMessages;
    private final long reservedBytes;
    private final long deadMessages;
    private final long deadBytes;
    private long freeMessages;
    private long freeBytes;

    /** @param entities queues, topics and subscriptions */
    Capacity(int maxMessages, long maxBytes, int entities) {
        this.reservedMessages = part(maxMessages, RESERVED_EIGHTHS, entities);
        this.reservedBytes = part(maxBytes, RESERVED_EIGHTHS, entities);
        this.deadMessages = part(maxMessages, DEAD_EIGHTHS, entities);
        this.deadBytes = part(maxBytes, DEAD_EIGHTHS, entities);
        this.freeMessages = part(maxMessages, COMMON_EIGHTHS, 1);
        this.freeBytes = part(maxBytes, COMMON_EIGHTHS, 1);
    }

    private static long part(long all, int eighths, int entities) {
        return Math.max(1, all * eighths / 8 / Math.max(1, entities));
    }

    /** The part of a queue, a subscription or a topic's scheduled messages. */
    Share share(String entity) {
        return new Share(entity, reservedMessages, reservedBytes, true);
    }

    /** The part of a dead-letter queue, which takes nothing from the common rest. */
    Share deadLetterShare(String entity) {
        return new Share(entity, deadMessages, deadBytes, false);
    }

    /** What one entity holds. */
    final class Share {
        private final String entity;
        private final long ownMessages;
        private final long ownBytes;
        private final boolean growing;
        private final Outage full = new Outage(LOG, Level.WARN);
        private long messages;
        private long bytes;

        private Share(String entity, long ownMessages, long ownBytes, boolean growing) {
            this.entity = entity;
            this.ownMessages = ownMessages;
            this.ownBytes = ownBytes;
            this.growing = growing;
        }

        boolean fits(List<MessageContent> contents) {
            return fits(contents.size(), bytes(contents));
        }

        private boolean fits(int moreMessages, long moreBytes) {
            long messagesBeyond = beyond(messages + moreMessages, ownMessages) - beyond(messages, ownMessages);
            long bytesBeyond = beyond(bytes + moreBytes, ownBytes) - beyond(bytes, ownBytes);
            return growing
                    ? (messagesBeyond == 0 || messagesBeyond <= freeMessages)
                            && (bytesBeyond == 0 || bytesBeyond <= freeBytes)
                    : messagesBeyond == 0 && bytesBeyond == 0;
        }

        /** @throws AmqpException {@code amqp:resource-limit-exceeded} when so much more does not fit */
        void require(List<MessageContent> contents) {
            if (!fits(contents)) {
                full.failed("'" + entity + "' is full and refuses messages until some are received");
                throw new AmqpException(
                        Condition.RESOURCE_LIMIT,
                        "'" + entity + "' is full: it holds " + messages + " messages and " + bytes
                                + " bytes, and others leave no room for more. Receive messages, then send again.");
            }
        }

        /** Says that a message was left out here for want of room. */
        void missed() {
            full.failed("'" + entity + "' is full and goes without messages until some are received");
        }

        /** Says that an older message has made room for a newer one. */
        void dropped() {
            full.failed("'" + entity + "' is full: its oldest messages make room for new ones");
        }

        void add(int messageBytes) {
            change(1, messageBytes + OVERHEAD_BYTES);
        }

        void remove(int messageBytes) {
            change(-1, -(messageBytes + OVERHEAD_BYTES));
            if (growing && fits(1, messageBytes + OVERHEAD_BYTES)) {
                full.over("'" + entity + "' has room again");
            }
        }

        private void change(int moreMessages, long moreBytes) {
            if (growing) {
                freeMessages -= beyond(messages + moreMessages, ownMessages) - beyond(messages, ownMessages);
                freeBytes -= beyond(bytes + moreBytes, ownBytes) - beyond(bytes, ownBytes);
            }
            messages += moreMessages;
            bytes += moreBytes;
        }
    }

    private static long beyond(long held, long own) {
        return Math.max(0, held - own);
    }

    private static long bytes(List<MessageContent> contents) {
        long bytes = (long) contents.size() * OVERHEAD_BYTES;
        for (MessageContent content : contents) {
            bytes += content.size();
        }
        return bytes;
    }
}
