package org.raygateway.servicebus.embedded;

import java.util.List;
import java.util.Map;

/** The queues and topics a broker has, as read from a configuration file by {@link EntityConfigurationReader}. */
record EntityConfiguration(List<QueueDefinition> queues, List<TopicDefinition> topics) {

    /** How many queues, topics and subscriptions there are. */
    int size() {
        return queues.size()
                + topics.size()
                + topics.stream()
                        .mapToInt(topic -> topic.subscriptions().size())
                        .sum();
    }

    record QueueDefinition(String name, QueueSettings settings) {}

    record TopicDefinition(String name, QueueSettings settings, List<SubscriptionDefinition> subscriptions) {}

    /** Rules by name, in the order of the file. */
    record SubscriptionDefinition(String name, QueueSettings settings, Map<String, RuleFilter> rules) {}
}
