package org.raygateway.servicebus.embedded;

import java.util.Date;
import java.util.Map;
import java.util.UUID;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.raygateway.servicebus.embedded.ManagementNode.Operation;
import org.raygateway.servicebus.embedded.RequestNode.Response;

/** Locks by their tokens: renew them, or settle messages whose link is gone or that were deferred. */
final class LockOperations {

    private final MessageQueue queue;

    LockOperations(MessageQueue queue) {
        this.queue = queue;
    }

    Map<String, Operation> byName() {
        return Map.of("renew-lock", this::renew, "update-disposition", this::settle);
    }

    private Response renew(OperationArguments arguments) {
        UUID[] tokens = arguments.tokens("lock-tokens");
        Date[] expirations = new Date[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            expirations[i] = new Date(queue.renew(tokens[i]));
        }
        return Response.ok("expirations", expirations);
    }

    private Response settle(OperationArguments arguments) {
        UUID[] tokens = arguments.tokens("lock-tokens");
        Settlement settlement = settlement(arguments);
        for (UUID token : tokens) {
            queue.settle(token, settlement);
        }
        return Response.ok();
    }

    private static Settlement settlement(OperationArguments arguments) {
        Map<String, Object> properties = Settlement.textKeys(arguments.mapOrNull("properties-to-modify"));
        String status = arguments.text("disposition-status");
        return switch (status) {
            case "completed" -> new Settlement.Complete();
            case "abandoned" -> new Settlement.Abandon(properties);
            case "defered" -> new Settlement.Defer(properties);
            case "suspended" ->
                new Settlement.DeadLetter(
                        arguments.textOrNull("deadletter-reason"),
                        arguments.textOrNull("deadletter-description"),
                        properties);
            default ->
                throw new AmqpException(
                        Condition.ARGUMENT_ERROR,
                        "disposition-status must be completed, abandoned, defered or suspended, got '" + status + "'.");
        };
    }
}
