package org.raygateway.servicebus.embedded;

import org.apache.qpid.proton.message.Message;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** An entity's {@code $management}: what clients ask for beside sending and receiving. */
final class ManagementNode implements RequestNode {

    ManagementNode(BrokerContext context, Entity entity, Subscription subscription, int maxResponseBytes) {}

    @Override
    public Response handle(Message request) {
        throw new AmqpException(Condition.NOT_IMPLEMENTED, "unknown operation");
    }
}
