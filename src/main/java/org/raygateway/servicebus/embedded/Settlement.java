package org.raygateway.servicebus.embedded;

import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.transport.DeliveryState;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** What a receiver decided about a message it holds. Properties are application properties to add or replace. */
sealed interface Settlement {

    record Complete() implements Settlement {}

    /** Gives the message back as if it had not been delivered. */
    record Release() implements Settlement {}

    record Abandon(Map<String, Object> properties) implements Settlement {}

    record Defer(Map<String, Object> properties) implements Settlement {}

    /** Reason and description may be null. */
    record DeadLetter(String reason, String description, Map<String, Object> properties) implements Settlement {}

    String REASON = "DeadLetterReason";
    String DESCRIPTION = "DeadLetterErrorDescription";

    /** Reads an AMQP outcome as Service Bus clients use it. */
    static Settlement of(DeliveryState outcome) {
        if (outcome instanceof Accepted) {
            return new Complete();
        }
        if (outcome instanceof Released) {
            return new Release();
        }
        if (outcome instanceof Modified modified) {
            Map<String, Object> properties = textKeys(modified.getMessageAnnotations());
            return Boolean.TRUE.equals(modified.getUndeliverableHere())
                    ? new Defer(properties)
                    : new Abandon(properties);
        }
        if (outcome instanceof Rejected rejected) {
            Map<?, ?> info =
                    rejected.getError() == null ? null : rejected.getError().getInfo();
            Map<String, Object> properties = textKeys(info);
            return new DeadLetter(text(properties.remove(REASON)), text(properties.remove(DESCRIPTION)), properties);
        }
        throw new AmqpException(
                Condition.NOT_IMPLEMENTED,
                "Messages can be accepted, released, modified or rejected; transactions are not supported.");
    }

    /** A mutable copy with text keys; clients send symbols or strings, and nothing else is a key. */
    static Map<String, Object> textKeys(Map<?, ?> map) {
        Map<String, Object> copy = new HashMap<>();
        if (map != null) {
            map.forEach((key, value) -> {
                if (!(key instanceof Symbol) && !(key instanceof String)) {
                    throw new AmqpException(
                            Condition.ARGUMENT_ERROR, "The keys of a map must be texts, got " + key + ".");
                }
                copy.put(key.toString(), value);
            });
        }
        return copy;
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }
}
