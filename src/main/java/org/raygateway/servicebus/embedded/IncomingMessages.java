package org.raygateway.servicebus.embedded;

import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Receiver;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** Takes whole messages off a receiving engine link: gives credit, waits for the last frame, keeps to the bound of size. */
final class IncomingMessages {

    private static final int CREDIT = 1_000;
    private static final int WASTE_BYTES = 64 << 10;

    private final Receiver receiver;
    private final int maxMessageBytes;
    /** The delivery that is coming is; a link has one at a time. */
    private boolean tooLarge;

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
     * The delivery's bytes once it is complete, else null. One that is larger than the link allows is thrown away as it
     * comes, and rejected when it ends: some clients wait without end when their link is detached instead.
     */
    byte[] take(Delivery delivery) {
        if (delivery.isAborted()) {
            next();
            delivery.settle();
            return null;
        }
        if (!delivery.isReadable()) {
            return null;
        }
        if (tooLarge || delivery.pending() > maxMessageBytes) {
            tooLarge = true;
            discard(delivery);
        }
        if (delivery.isPartial()) {
            return null;
        }
        if (tooLarge) {
            next();
            reject(
                    delivery,
                    new AmqpException(
                            Condition.MESSAGE_TOO_LARGE,
                            "The message is larger than the link's limit of " + maxMessageBytes + " bytes."));
            return null;
        }
        byte[] bytes = new byte[delivery.pending()];
        receiver.recv(bytes, 0, bytes.length);
        next();
        return bytes;
    }

    /** Tells the sender of a delivery that it was not taken, and why. */
    static void reject(Delivery delivery, AmqpException reason) {
        if (!delivery.remotelySettled()) {
            delivery.disposition(reason.toRejected());
        }
        delivery.settle();
    }

    private void discard(Delivery delivery) {
        byte[] waste = new byte[Math.min(delivery.pending(), WASTE_BYTES)];
        while (delivery.pending() > 0) {
            receiver.recv(waste, 0, waste.length);
        }
    }

    /** Before the delivery is settled, which would move on by itself, and then once too often. */
    private void next() {
        tooLarge = false;
        receiver.advance();
        replenish();
    }

    private void replenish() {
        if (receiver.getCredit() <= CREDIT / 2) {
            receiver.flow(CREDIT - receiver.getCredit());
        }
    }
}
