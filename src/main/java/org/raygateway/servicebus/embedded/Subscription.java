package org.raygateway.servicebus.embedded;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.raygateway.servicebus.embedded.MessageLog.RuleSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A topic's subscription: a queue, and the rules that decide what gets into it. A message needs one rule to match. Clients
 * may change the rules; changed ones outlive a restart, until the entities file gives the subscription other rules.
 */
final class Subscription {

    /** Each of them may be evaluated for each message. */
    static final int MAX_RULES = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    private final BrokerContext context;
    private final MessageQueue queue;
    private final Map<String, RuleFilter> configured;
    private Map<String, RuleFilter> rules;

    /** @param configured the rules of the entities file, by name */
    Subscription(BrokerContext context, MessageQueue queue, Map<String, RuleFilter> configured) {
        this.context = context;
        this.queue = queue;
        this.configured = new LinkedHashMap<>(configured);
        this.rules = this.configured;
    }

    MessageQueue queue() {
        return queue;
    }

    Map<String, RuleFilter> rules() {
        return Collections.unmodifiableMap(rules);
    }

    boolean wants(MessageView message) {
        for (RuleFilter rule : rules.values()) {
            if (rule.matches(message)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Adds a rule for messages from now on.
     *
     * @throws AmqpException {@code com.microsoft:entity-already-exists}, or {@code amqp:resource-limit-exceeded}
     */
    void add(String name, RuleFilter filter) {
        if (find(name) != null) {
            throw new AmqpException(
                    Condition.ALREADY_EXISTS, "'" + queue.path() + "' has a rule '" + name + "' already.");
        }
        if (rules.size() >= MAX_RULES) {
            throw new AmqpException(
                    Condition.RESOURCE_LIMIT,
                    "'" + queue.path() + "' has " + rules.size() + " rules, and " + MAX_RULES
                            + " is the limit: remove one first.");
        }
        Map<String, RuleFilter> more = new LinkedHashMap<>(rules);
        more.put(name, filter);
        change(more);
    }

    /** @throws AmqpException {@code amqp:not-found} for a rule that is not there */
    void remove(String name) {
        String found = find(name);
        if (found == null) {
            throw new AmqpException(
                    Condition.NOT_FOUND, "The rule '" + name + "' of '" + queue.path() + "' could not be found.");
        }
        Map<String, RuleFilter> fewer = new LinkedHashMap<>(rules);
        fewer.remove(found);
        change(fewer);
    }

    /** Names ignore case, as all names of entities do. */
    private String find(String name) {
        return rules.keySet().stream().filter(name::equalsIgnoreCase).findAny().orElse(null);
    }

    private void change(Map<String, RuleFilter> changed) {
        rules = changed;
        context.log.save(new RuleSet(
                queue.path(), RuleCodec.encode(context.codec, configured), RuleCodec.encode(context.codec, changed)));
    }

    /** Takes back rules that clients made, unless the file has been changed since: then its new rules are wanted. */
    void restore(RuleSet stored) {
        if (RuleCodec.decode(context.codec, stored.configured()).equals(configured)) {
            rules = RuleCodec.decode(context.codec, stored.current());
            return;
        }
        LOG.warn(
                "The entities file has other rules for '{}' than when clients last changed them: its rules are taken,"
                        + " and those that clients added or removed are gone",
                queue.path());
        change(configured);
    }
}
