package org.raygateway.servicebus;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages taken together, in the order of the queue. When the route succeeds all are completed but those it has refused,
 * which are dead-lettered; when it fails all are abandoned.
 */
public final class ReceivedBatch {
    private final List<ServiceBusReceivedMessage> messages;
    private final Map<ServiceBusReceivedMessage, String> refused = new LinkedHashMap<>();

    ReceivedBatch(List<ServiceBusReceivedMessage> messages) {
        this.messages = List.copyOf(messages);
    }

    public List<ServiceBusReceivedMessage> messages() {
        return messages;
    }

    /** @param reason what was expected and what came; becomes the dead-letter description, so no payload */
    public void refuse(ServiceBusReceivedMessage message, String reason) {
        refused.put(message, reason);
    }

    Map<ServiceBusReceivedMessage, String> refused() {
        return refused;
    }
}
