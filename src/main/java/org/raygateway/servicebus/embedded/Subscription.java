package org.raygateway.servicebus.embedded;

import java.util.LinkedHashMap;
import java.util.Map;

/** A topic's subscription: a queue, and the rules that decide what gets into it. A message needs one rule to match. */
record Subscription(MessageQueue queue, Map<String, RuleFilter> rules) {

    Subscription {
        rules = new LinkedHashMap<>(rules);
    }

    boolean wants(MessageView message) {
        for (RuleFilter rule : rules.values()) {
            if (rule.matches(message)) {
                return true;
            }
        }
        return false;
    }
}
