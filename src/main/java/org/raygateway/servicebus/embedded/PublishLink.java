package org.raygateway.servicebus.embedded;

import java.util.List;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.engine.Delivery;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/**
 * A client sends to a queue or topic here. Outcomes are set at once, yet leave the process only after the turn's commit.
 */
final class PublishLink implements BrokerLink {

    /** A batch: Data sections that hold encoded messages. */
    private static final int BATCH_FORMAT = 0x80013700;

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
            List<MessageContent> messages =
                    format == BATCH_FORMAT ? codec.parseBatch(bytes) : List.of(codec.parse(bytes));
            entity.publish(messages);
            return Accepted.getInstance();
        } catch (AmqpException e) {
            if (e.condition() == Condition.MESSAGE_TOO_LARGE) {
                throw e;
            }
            Rejected rejected = new Rejected();
            rejected.setError(e.toErrorCondition());
            return rejected;
        }
    }
}
