package org.raygateway.servicebus;

import com.azure.core.util.BinaryData;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Sends a body of {@link OutgoingMessage}, or a list of them in as few batches as fit. Returns once the broker has confirmed
 * every one. When it throws, some of a list may have been stored all the same.
 */
final class MessageProducer extends DefaultProducer {
    private static final String JSON = "application/json";

    private final GatewayServiceBusEndpoint endpoint;
    private ServiceBusSenderClient sender;

    MessageProducer(GatewayServiceBusEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        sender = endpoint.getServiceBusClientFactory().createServiceBusSenderClient(endpoint.getConfiguration());
    }

    @Override
    protected void doStop() throws Exception {
        if (sender != null) {
            sender.close();
            sender = null;
        }
        super.doStop();
    }

    @Override
    public void process(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof OutgoingMessage message) {
            sender.sendMessage(convert(message));
        } else if (body instanceof List<?> messages) {
            sendAll(messages);
        } else {
            throw new IllegalArgumentException("expected an OutgoingMessage or a list of them, got "
                    + (body == null ? "nothing" : body.getClass().getName()));
        }
    }

    private void sendAll(List<?> messages) {
        if (messages.size() == 1) {
            sender.sendMessage(convert((OutgoingMessage) messages.get(0)));
            return;
        }
        ServiceBusMessageBatch batch = sender.createMessageBatch();
        for (Object message : messages) {
            ServiceBusMessage converted = convert((OutgoingMessage) message);
            if (!batch.tryAddMessage(converted)) {
                sender.sendMessages(batch);
                batch = sender.createMessageBatch();
                if (!batch.tryAddMessage(converted)) {
                    throw new IllegalArgumentException("message " + converted.getMessageId()
                            + " is larger than the broker takes (" + batch.getMaxSizeInBytes() + " bytes)");
                }
            }
        }
        if (batch.getCount() > 0) {
            sender.sendMessages(batch);
        }
    }

    private static ServiceBusMessage convert(OutgoingMessage message) {
        ServiceBusMessage converted = new ServiceBusMessage(BinaryData.fromBytes(message.body()))
                .setMessageId(message.messageId())
                .setCorrelationId(message.correlationId())
                .setContentType(JSON);
        converted.getApplicationProperties().putAll(message.applicationProperties());
        return converted;
    }
}
