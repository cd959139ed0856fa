package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.raygateway.servicebus.embedded.ManagementNode.Operation;
import org.raygateway.servicebus.embedded.RequestNode.Response;

/** A subscription's rules: list, add and remove them. */
final class RuleOperations {

    /** Azure's bound, and its characters: names are parts of paths there. */
    private static final Pattern NAME = Pattern.compile("[^/\\\\?#@*\\p{Cntrl}]{1,50}");

    private static final int MAX_RULE_BYTES = 16 << 10;

    private final BrokerContext context;
    private final Subscription subscription;

    RuleOperations(BrokerContext context, Subscription subscription) {
        this.context = context;
        this.subscription = subscription;
    }

    Map<String, Operation> byName() {
        return Map.of("enumerate-rules", this::list, "add-rule", this::add, "remove-rule", this::remove);
    }

    private Response add(OperationArguments arguments) {
        String name = arguments.text("rule-name");
        if (!NAME.matcher(name).matches() || name.isBlank()) {
            throw new AmqpException(
                    Condition.ARGUMENT_ERROR,
                    "A rule's name must be 1 to 50 characters without / \\ ? # @ and *, got '" + name + "'.");
        }
        RuleFilter filter = RuleRequest.filter(arguments.mapOrNull("rule-description"));
        int size = RuleCodec.encode(context.codec, Map.of(name, filter)).length;
        if (size > MAX_RULE_BYTES) {
            throw new AmqpException(
                    Condition.ARGUMENT_ERROR,
                    "A rule can have " + MAX_RULE_BYTES + " bytes; '" + name + "' has " + size + ".");
        }
        subscription.add(name, filter);
        return Response.ok();
    }

    private Response remove(OperationArguments arguments) {
        subscription.remove(arguments.text("rule-name"));
        return Response.ok();
    }

    private Response list(OperationArguments arguments) {
        List<Object> found = new ArrayList<>();
        subscription.rules().entrySet().stream()
                .skip(Math.max(0, arguments.integer("skip")))
                .limit(Math.max(0, arguments.integer("top")))
                .forEach(rule ->
                        found.add(Map.of("rule-description", RuleCodec.describe(rule.getKey(), rule.getValue()))));
        return new Response(found.isEmpty() ? 204 : 200, Map.of("rules", found));
    }
}
