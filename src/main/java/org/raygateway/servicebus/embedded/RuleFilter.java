package org.raygateway.servicebus.embedded;

import java.util.Map;

/** Decides whether a subscription takes a message. */
sealed interface RuleFilter {

    boolean matches(MessageView message);

    /** Takes every message, or none. */
    record Constant(boolean matches) implements RuleFilter {
        @Override
        public boolean matches(MessageView message) {
            return matches;
        }
    }

    /**
     * Equality on some properties; all of them must match.
     *
     * @param system values by the names {@link MessageView#system} knows
     * @param user values by application property
     */
    record Correlation(Map<String, String> system, Map<String, Object> user) implements RuleFilter {
        @Override
        public boolean matches(MessageView message) {
            return system.entrySet().stream()
                            .allMatch(entry -> entry.getValue().equals(text(message.system(entry.getKey()))))
                    && user.entrySet().stream()
                            .allMatch(entry -> FilterValue.same(
                                    entry.getValue(), message.user().get(entry.getKey())));
        }

        private static String text(Object value) {
            return value == null ? null : value.toString();
        }
    }

    /** A condition in the SQL-92 subset of Service Bus. */
    record Sql(SqlCondition condition) implements RuleFilter {
        @Override
        public boolean matches(MessageView message) {
            return condition.matches(message);
        }
    }
}
