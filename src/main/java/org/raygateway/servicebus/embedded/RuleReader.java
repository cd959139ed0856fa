package org.raygateway.servicebus.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The {@code Rules} of a subscription: a name, and a SQL, correlation, true or false filter. Actions are refused. */
final class RuleReader {

    private static final Set<String> SYSTEM = Set.of(
            "ContentType", "CorrelationId", "Label", "MessageId", "ReplyTo", "ReplyToSessionId", "SessionId", "To");

    private final List<String> errors;

    RuleReader(List<String> errors) {
        this.errors = errors;
    }

    void read(String subscription, JsonNode rule, Map<String, RuleFilter> into) {
        String name = rule.path("Name").asText("");
        String where = subscription + " rule '" + name + "'";
        if (name.isBlank() || into.containsKey(name)) {
            errors.add(where + ": rules need names, each once");
        }
        JsonNode properties = rule.path("Properties");
        if (!properties.path("Action").path("SqlExpression").asText("").isEmpty()) {
            errors.add(where + ": Action is not supported by the embedded broker; leave it out");
        }
        into.put(name, filter(where, properties));
    }

    private RuleFilter filter(String where, JsonNode properties) {
        String type = properties.path("FilterType").asText("");
        switch (type.toLowerCase(Locale.ROOT)) {
            case "sql":
                return sql(
                        where,
                        properties.path("SqlFilter").path("SqlExpression").asText(""));
            case "correlation":
                return correlation(where, properties.path("CorrelationFilter"));
            case "true", "truefilter":
                return new RuleFilter.Constant(true);
            case "false", "falsefilter":
                return new RuleFilter.Constant(false);
            default:
                errors.add(where + ": FilterType must be Sql, Correlation, True or False, got '" + type + "'");
                return new RuleFilter.Constant(false);
        }
    }

    private RuleFilter sql(String where, String expression) {
        try {
            return new RuleFilter.Sql(new SqlCondition(expression));
        } catch (IllegalArgumentException e) {
            errors.add(where + ": SqlFilter.SqlExpression: " + e.getMessage());
            return new RuleFilter.Constant(false);
        }
    }

    private RuleFilter correlation(String where, JsonNode filter) {
        Map<String, String> system = new HashMap<>();
        Map<String, Object> user = new HashMap<>();
        filter.properties().forEach(field -> {
            if (field.getKey().equals("Properties")) {
                field.getValue()
                        .properties()
                        .forEach(entry -> user.put(entry.getKey(), value(where, entry.getValue())));
            } else if (SYSTEM.contains(field.getKey())) {
                system.put(field.getKey(), field.getValue().asText());
            } else {
                errors.add(where + ": CorrelationFilter has no property '" + field.getKey() + "'");
            }
        });
        if (system.isEmpty() && user.isEmpty()) {
            errors.add(where + ": CorrelationFilter must name at least one property");
        }
        return new RuleFilter.Correlation(system, user);
    }

    private Object value(String where, JsonNode node) {
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isBigInteger()) {
            errors.add(where + ": the number " + node + " is too large");
        }
        if (node.isNumber()) {
            return node.numberValue();
        }
        return node.asText();
    }
}
