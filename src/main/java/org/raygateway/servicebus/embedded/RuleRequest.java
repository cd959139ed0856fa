package org.raygateway.servicebus.embedded;

import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/**
 * A rule as clients ask for it.
 *
 * @see <a href="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response#add-rule">add
 *     rule</a>
 */
final class RuleRequest {

    private static final String PROPERTIES = "properties";
    private static final Map<String, String> SYSTEM = Map.of(
            "correlation-id", "CorrelationId",
            "message-id", "MessageId",
            "to", "To",
            "reply-to", "ReplyTo",
            "label", "Label",
            "session-id", "SessionId",
            "reply-to-session-id", "ReplyToSessionId",
            "content-type", "ContentType");

    private RuleRequest() {}

    /**
     * The filter of a rule description.
     *
     * @throws AmqpException for what is missing, cannot be understood, or is not supported
     */
    static RuleFilter filter(Map<?, ?> description) {
        Map<String, Object> parts = Settlement.textKeys(description);
        Object action = parts.get("sql-rule-action");
        if (action != null && !(action instanceof Map<?, ?> none && none.isEmpty())) {
            throw new AmqpException(
                    Condition.NOT_IMPLEMENTED, "Actions of rules are not supported; add the rule without one.");
        }
        Object sql = parts.get("sql-filter");
        Object correlation = parts.get("correlation-filter");
        if (isMap(sql) == isMap(correlation)) {
            throw wrong("A rule needs either a sql-filter or a correlation-filter.");
        }
        return isMap(sql) ? sql((Map<?, ?>) sql) : correlation((Map<?, ?>) correlation);
    }

    private static boolean isMap(Object value) {
        return value instanceof Map;
    }

    private static RuleFilter sql(Map<?, ?> filter) {
        if (!(Settlement.textKeys(filter).get("expression") instanceof String expression)) {
            throw wrong("A sql-filter needs an expression.");
        }
        try {
            return new RuleFilter.Sql(new SqlCondition(expression));
        } catch (IllegalArgumentException e) {
            throw wrong("The rule's filter is not valid: " + e.getMessage() + ".");
        }
    }

    private static RuleFilter correlation(Map<?, ?> filter) {
        Map<String, String> system = new HashMap<>();
        Map<String, Object> user = new HashMap<>();
        Settlement.textKeys(filter).forEach((name, value) -> {
            if (name.equals(PROPERTIES) && isMap(value)) {
                user.putAll(Settlement.textKeys((Map<?, ?>) value));
            } else if (value instanceof String text && SYSTEM.containsKey(name)) {
                system.put(SYSTEM.get(name), text);
            } else if (value != null) {
                throw wrong("A correlation-filter has no '" + name + "' of this type.");
            }
        });
        if (system.isEmpty() && user.isEmpty()) {
            throw wrong("A correlation-filter must name at least one property.");
        }
        user.forEach((name, value) -> {
            if (!isSimple(value)) {
                throw wrong("The property '" + name + "' of a correlation-filter needs a simple value.");
            }
        });
        return new RuleFilter.Correlation(system, user);
    }

    private static boolean isSimple(Object value) {
        return value instanceof Number
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Symbol
                || value instanceof Character
                || value instanceof Date
                || value instanceof UUID
                || value instanceof Binary;
    }

    private static AmqpException wrong(String text) {
        return new AmqpException(Condition.ARGUMENT_ERROR, text);
    }
}
