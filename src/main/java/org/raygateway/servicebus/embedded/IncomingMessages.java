package org.raygateway.servicebus.embedded;

import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Receiver;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** Takes whole messages off a receiving engine link: gives credit, waits for the last frame, bounds the size. */
final class IncomingMessages {

    private static final int CREDIT = 1_000;

    private final Receiver receiver;
    private final int maxMessageBytes;

    IncomingMessages(Receiver receiver, int maxMessageBytes) {
        this.receiver = receiver;
        this.maxMessageBytes = maxMessageBytes;
    }

    void open() {
        receiver.setMaxMessageSize(UnsignedLong.valueOf(maxMessageBytes));
        receiver.open();
        receiver.flow(CREDIT);
    }

    /**
     * The delivery's bytes once it is complete, else null.
     *
     * @throws AmqpException {@code amqp:link:message-size-exceeded} as soon as too much has come
     */
    byte[] take(Delivery delivery) {
        if (delivery.isAborted()) {
            receiver.advance();
            delivery.settle();
            replenish();
            return null;
        }
        if (delivery.pending() > maxMessageBytes) {
            throw new AmqpException(
                    Condition.MESSAGE_TOO_LARGE,
                    "The message is larger than the link's limit of " + maxMessageBytes + " bytes.");
        }
        if (!delivery.isReadable() || delivery.isPartial()) {
            return null;
        }
        byte[] bytes = new byte[delivery.pending()];
        receiver.recv(bytes, 0, bytes.length);
        receiver.advance();
        replenish();
        return bytes;
    }

    private void replenish() {
        if (receiver.getCredit() <= CREDIT / 2) {
            receiver.flow(CREDIT - receiver.getCredit());
        }
    }
}
