package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.amqp.DescribedType;
import org.apache.qpid.proton.amqp.UnknownDescribedType;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.raygateway.servicebus.embedded.ManagementNode.Operation;
import org.raygateway.servicebus.embedded.RequestNode.Response;

/** A subscription's rules: they can be listed; they change in the entities file only, so that they outlive a restart. */
final class RuleOperations {

    private static final long RULE_DESCRIPTION = 0x0000013700000004L;
    private static final long EMPTY_ACTION = 0x0000013700000005L;
    private static final long SQL_FILTER = 0x000001370000006L;
    private static final long TRUE_FILTER = 0x000001370000007L;
    private static final long FALSE_FILTER = 0x000001370000008L;
    private static final long CORRELATION_FILTER = 0x000001370000009L;
    private static final int SQL_COMPATIBILITY_LEVEL = 20;

    private final Subscription subscription;

    RuleOperations(Subscription subscription) {
        this.subscription = subscription;
    }

    Map<String, Operation> byName() {
        return Map.of("enumerate-rules", this::list, "add-rule", this::refuse, "remove-rule", this::refuse);
    }

    private Response refuse(OperationArguments arguments) {
        throw new AmqpException(
                Condition.NOT_ALLOWED, "Rules of the embedded broker come from its entities file; change them there.");
    }

    private Response list(OperationArguments arguments) {
        List<Object> found = new ArrayList<>();
        subscription.rules().entrySet().stream()
                .skip(Math.max(0, arguments.integer("skip")))
                .limit(Math.max(0, arguments.integer("top")))
                .forEach(rule -> found.add(Map.of("rule-description", describe(rule.getKey(), rule.getValue()))));
        return new Response(found.isEmpty() ? 204 : 200, Map.of("rules", found));
    }

    private static DescribedType describe(String name, RuleFilter filter) {
        return described(RULE_DESCRIPTION, Arrays.asList(describe(filter), described(EMPTY_ACTION, List.of()), name));
    }

    private static DescribedType describe(RuleFilter filter) {
        if (filter instanceof RuleFilter.Sql sql) {
            return described(SQL_FILTER, Arrays.asList(sql.condition().expression(), SQL_COMPATIBILITY_LEVEL));
        }
        if (filter instanceof RuleFilter.Correlation correlation) {
            return described(CORRELATION_FILTER, fields(correlation));
        }
        boolean takesAll = ((RuleFilter.Constant) filter).matches();
        return described(takesAll ? TRUE_FILTER : FALSE_FILTER, List.of());
    }

    private static List<Object> fields(RuleFilter.Correlation filter) {
        Map<String, String> system = filter.system();
        return Arrays.asList(
                system.get("CorrelationId"),
                system.get("MessageId"),
                system.get("To"),
                system.get("ReplyTo"),
                system.get("Label"),
                system.get("SessionId"),
                system.get("ReplyToSessionId"),
                system.get("ContentType"),
                new HashMap<>(filter.user()));
    }

    private static DescribedType described(long descriptor, Object value) {
        return new UnknownDescribedType(UnsignedLong.valueOf(descriptor), value);
    }
}
