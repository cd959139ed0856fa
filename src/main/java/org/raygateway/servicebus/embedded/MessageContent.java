package org.raygateway.servicebus.embedded;

import java.util.Date;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Header;

/**
 * A message as its sender encoded it. Header and message annotations are decoded, because each delivery carries its own;
 * the bare message behind them (properties, application properties, body, footer) stays as the bytes that came.
 *
 * @param raw all sections
 * @param header the sender's header, or null
 * @param annotations the sender's message annotations, never null
 * @param messageId the message id, or null
 * @param bareOffset where the bare message starts in {@code raw}
 * @param applicationPropertiesOffset where the application properties start, or would start
 * @param bodyOffset where the body starts
 */
record MessageContent(
        byte[] raw,
        Header header,
        Map<Symbol, Object> annotations,
        Object messageId,
        int bareOffset,
        int applicationPropertiesOffset,
        int bodyOffset) {

    static final Symbol SCHEDULED_ENQUEUE_TIME = Symbol.valueOf("x-opt-scheduled-enqueue-time");

    int size() {
        return raw.length;
    }

    /** Milliseconds the sender lets the message live, or {@link Long#MAX_VALUE}. */
    long timeToLive() {
        return header == null || header.getTtl() == null
                ? Long.MAX_VALUE
                : header.getTtl().longValue();
    }

    /** When the message is to appear in its queue, in epoch milliseconds, or 0. */
    long scheduledFor() {
        return annotations.get(SCHEDULED_ENQUEUE_TIME) instanceof Date date ? date.getTime() : 0;
    }
}
