package org.raygateway.servicebus.embedded;

import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.engine.Delivery;

/**
 * A client sends to a queue or topic here. Outcomes are set at once, yet leave the process only after the turn's commit.
 */
final class PublishLink implements BrokerLink {

    private final Entity entity;
    private final MessageCodec codec;
    private final IncomingMessages incoming;

    PublishLink(Entity entity, MessageCodec codec, IncomingMessages incoming) {
        this.entity = entity;
        this.codec = codec;
        this.incoming = incoming;
    }

    @Override
    public void onDelivery(Delivery delivery) {
        byte[] bytes = incoming.take(delivery);
        if (bytes != null) {
            DeliveryState outcome = publish(bytes, delivery.getMessageFormat());
            if (!delivery.remotelySettled()) {
                delivery.disposition(outcome);
            }
            delivery.settle();
        }
    }

    private DeliveryState publish(byte[] bytes, int format) {
        try {
            entity.publish(SentMessages.read(codec, bytes, format));
            return Accepted.getInstance();
        } catch (AmqpException e) {
            return e.toRejected();
        }
    }
}
