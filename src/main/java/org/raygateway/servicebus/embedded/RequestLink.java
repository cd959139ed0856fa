package org.raygateway.servicebus.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.transport.SenderSettleMode;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.message.Message;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.raygateway.servicebus.embedded.RequestNode.Response;

/** A client sends requests to a {@link RequestNode} here; answers go to the link its reply-to names. */
final class RequestLink implements BrokerLink {

    private final Receiver receiver;
    private final String address;
    private final RequestNode node;
    private final ReplyLinks replies;
    private final MessageCodec codec;
    private final IncomingMessages incoming;

    RequestLink(
            Receiver receiver,
            String address,
            RequestNode node,
            ReplyLinks replies,
            MessageCodec codec,
            IncomingMessages incoming) {
        this.receiver = receiver;
        this.address = address;
        this.node = node;
        this.replies = replies;
        this.codec = codec;
        this.incoming = incoming;
    }

    @Override
    public void onDelivery(Delivery delivery) {
        byte[] bytes = incoming.take(delivery);
        if (bytes == null) {
            return;
        }
        Message request;
        Sender reply;
        try {
            request = codec.decode(bytes);
            reply = replyLink(request);
        } catch (AmqpException e) {
            IncomingMessages.reject(delivery, e);
            return;
        }
        if (!delivery.remotelySettled()) {
            delivery.disposition(Accepted.getInstance());
        }
        delivery.settle();
        send(reply, answer(request));
    }

    private Sender replyLink(Message request) {
        Sender reply = replies.find(request.getReplyTo(), receiver.getSession(), address);
        if (reply == null) {
            throw new AmqpException(
                    Condition.NOT_FOUND, "There is no receiving link at '" + address + "' for the request's reply-to.");
        }
        return reply;
    }

    private Message answer(Message request) {
        Message message = Message.Factory.create();
        message.setCorrelationId(request.getMessageId());
        try {
            Response response = node.handle(request);
            message.setApplicationProperties(
                    status(response.status(), response.status() == 204 ? "No Content" : "OK", null));
            message.setBody(new AmqpValue(response.body()));
        } catch (AmqpException e) {
            message.setApplicationProperties(status(e.condition().status, e.getMessage(), e.condition().symbol));
            message.setBody(new AmqpValue(Map.of()));
        }
        return message;
    }

    /** {@code $cbs} and {@code $management} clients look for different spellings; both get both. */
    private static ApplicationProperties status(int code, String description, Symbol condition) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("statusCode", code);
        properties.put("status-code", code);
        properties.put("statusDescription", description);
        properties.put("status-description", description);
        if (condition != null) {
            properties.put("errorCondition", condition);
            properties.put("error-condition", condition);
        }
        return new ApplicationProperties(properties);
    }

    private void send(Sender reply, Message message) {
        if (reply.getQueued() > ReplyLinks.MAX_WAITING) {
            throw new AmqpException(
                    Condition.RESOURCE_LIMIT, "Too many responses wait for credit at '" + address + "'.");
        }
        byte[] encoded = codec.encode(message);
        Delivery delivery = reply.delivery(LockTokens.toTag(UUID.randomUUID()));
        reply.send(encoded, 0, encoded.length);
        if (reply.getRemoteSenderSettleMode() == SenderSettleMode.SETTLED) {
            delivery.settle();
        }
        reply.advance();
    }
}
