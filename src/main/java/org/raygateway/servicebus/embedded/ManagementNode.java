package org.raygateway.servicebus.embedded;

import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.message.Message;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/**
 * An entity's {@code $management}: what clients ask for beside sending and receiving. Which operations there are depends on
 * the entity: a topic can schedule, a queue can also be peeked into, a subscription also has rules.
 *
 * @see <a href="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response">request/response
 *     operations</a>
 */
final class ManagementNode implements RequestNode {

    private static final String PREFIX = "com.microsoft:";

    /** One operation; refusals are {@link AmqpException}s. */
    interface Operation {
        Response apply(OperationArguments arguments);
    }

    private final Entity entity;
    private final Map<String, Operation> operations = new HashMap<>();

    /** @param subscription the entity as a subscription, or null when it is none */
    ManagementNode(BrokerContext context, Entity entity, Subscription subscription, int maxResponseBytes) {
        this.entity = entity;
        operations.putAll(new ScheduleOperations(context, entity).byName());
        if (entity instanceof MessageQueue queue) {
            operations.putAll(new BrowseOperations(context, queue, maxResponseBytes).byName());
            operations.putAll(new LockOperations(queue).byName());
        }
        if (subscription != null) {
            operations.putAll(new RuleOperations(context, subscription).byName());
        }
    }

    @Override
    public Response handle(Message request) {
        String name = operationName(request);
        Operation operation = name.startsWith(PREFIX) ? operations.get(name.substring(PREFIX.length())) : null;
        if (operation == null) {
            throw new AmqpException(
                    Condition.NOT_IMPLEMENTED,
                    "'" + entity.path() + "' does not support the operation '" + name + "'.");
        }
        Object body = request.getBody() instanceof AmqpValue value ? value.getValue() : null;
        return operation.apply(new OperationArguments(body));
    }

    private static String operationName(Message request) {
        Map<String, Object> properties = request.getApplicationProperties() == null
                ? null
                : request.getApplicationProperties().getValue();
        Object name = properties == null ? null : properties.get("operation");
        return name == null ? "" : name.toString();
    }
}
