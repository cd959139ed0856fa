package org.raygateway.servicebus.embedded;

import java.util.UUID;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Sender;

/** A client receives from a queue here, in peek-lock or receive-and-delete mode, and settles what it received. */
final class ReceiveLink implements BrokerLink, MessageReceiver {

    /** Deliveries the engine remembers for a client that never settles. */
    private static final int MAX_UNSETTLED = 5_000;

    private final AmqpConnection connection;
    private final BrokerContext context;
    private final MessageQueue queue;
    private final Sender sender;
    private final boolean deletesOnReceive;

    ReceiveLink(AmqpConnection connection, BrokerContext context, MessageQueue queue, Sender sender) {
        this.connection = connection;
        this.context = context;
        this.queue = queue;
        this.sender = sender;
        this.deletesOnReceive = sender.getRemoteSenderSettleMode() == SenderSettleMode.SETTLED;
    }

    void open() {
        sender.open();
        queue.addReceiver(this);
    }

    @Override
    public boolean isReady() {
        if (sender.getCredit() <= 0 || sender.getUnsettled() >= MAX_UNSETTLED) {
            return false;
        }
        if (sender.getLocalState() != EndpointState.ACTIVE || sender.getRemoteState() != EndpointState.ACTIVE) {
            return false;
        }
        if (connection.isClogged(sender.getSession())) {
            connection.whenDrained(() -> context.changed(queue));
            return false;
        }
        return true;
    }

    @Override
    public boolean deletesOnReceive() {
        return deletesOnReceive;
    }

    @Override
    public void deliver(UUID lockToken, byte[] encoded) {
        Delivery delivery = sender.delivery(LockTokens.toTag(lockToken == null ? UUID.randomUUID() : lockToken));
        delivery.setContext(lockToken);
        sender.send(encoded, 0, encoded.length);
        if (deletesOnReceive) {
            delivery.settle();
        }
        sender.advance();
        connection.touch();
    }

    @Override
    public void onFlow() {
        context.changed(queue);
        if (sender.getDrain()) {
            queue.dispatch();
            sender.drained();
        }
    }

    @Override
    public void onDelivery(Delivery delivery) {
        DeliveryState outcome = delivery.getRemoteState();
        if (outcome != null && delivery.getContext() instanceof UUID token) {
            delivery.setContext(null);
            delivery.disposition(settle(token, outcome));
            delivery.settle();
        } else if (delivery.remotelySettled()) {
            delivery.settle();
        }
    }

    /** Clients wait for their own outcome to come back; another one is an error to them. */
    private DeliveryState settle(UUID token, DeliveryState outcome) {
        try {
            queue.settle(token, Settlement.of(outcome));
            return outcome instanceof Rejected ? new Rejected() : outcome;
        } catch (AmqpException e) {
            return e.toRejected();
        }
    }

    @Override
    public void onClosed() {
        queue.removeReceiver(this);
    }
}
