package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.raygateway.servicebus.embedded.EntityConfiguration.SubscriptionDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All entities of a broker by their paths, filled from the message log. */
final class Namespace {

    private static final Logger LOG = LoggerFactory.getLogger(Namespace.class);

    /** Everything one can receive from or peek into, topics' scheduled messages included. */
    private final Map<String, MessageQueue> queues = new HashMap<>();

    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<String, Subscription> subscriptions = new HashMap<>();

    Namespace(BrokerContext context, EntityConfiguration configuration) {
        configuration
                .queues()
                .forEach(queue ->
                        add(MessageQueue.withDeadLetters(context, EntityPath.of(queue.name()), queue.settings())));
        configuration.topics().forEach(topic -> {
            List<Subscription> subscribed = new ArrayList<>();
            topic.subscriptions().forEach(definition -> subscribed.add(subscribe(context, topic.name(), definition)));
            Topic added = new Topic(context, EntityPath.of(topic.name()), topic.settings(), subscribed);
            topics.put(added.path(), added);
        });
        replay(context);
        context.log.ruleSets().forEach(stored -> {
            Subscription subscription = subscriptions.get(stored.subscription());
            if (subscription != null) {
                subscription.restore(stored);
            }
        });
    }

    private Subscription subscribe(BrokerContext context, String topic, SubscriptionDefinition definition) {
        String path = EntityPath.subscription(topic, definition.name());
        MessageQueue queue = MessageQueue.withDeadLetters(context, path, definition.settings());
        add(queue);
        Subscription subscription = new Subscription(context, queue, definition.rules());
        subscriptions.put(path, subscription);
        return subscription;
    }

    private void add(MessageQueue queue) {
        queues.put(queue.path(), queue);
        queues.put(queue.deadLetters().path(), queue.deadLetters());
    }

    private void replay(BrokerContext context) {
        Set<String> unknown = new HashSet<>();
        context.log.replay(
                mark -> {
                    MessageQueue queue = owner(mark.queue());
                    if (queue != null) {
                        queue.restore(mark);
                    }
                },
                id -> {
                    MessageQueue queue = owner(id.queue());
                    if (queue != null && queue.duplicates() != null) {
                        queue.duplicates().restore(id);
                    }
                },
                message -> {
                    context.usedMessageId(message.id);
                    MessageQueue queue = owner(message.queue);
                    if (queue != null) {
                        queue.restore(message);
                    } else {
                        unknown.add(message.queue);
                    }
                });
        if (!unknown.isEmpty()) {
            LOG.warn(
                    "The Service Bus data file has messages of entities that are not configured; they stay there: {}",
                    unknown);
        }
    }

    private MessageQueue owner(String path) {
        Topic topic = topics.get(path);
        return topic != null ? topic.scheduled() : queues.get(path);
    }

    /** The queue, subscription or dead-letter queue with this path, or null. */
    MessageQueue queue(String path) {
        return queues.get(path);
    }

    Topic topic(String path) {
        return topics.get(path);
    }

    Subscription subscription(String path) {
        return subscriptions.get(path);
    }

    /** Whatever has this path, or null. */
    Entity entity(String path) {
        Topic topic = topics.get(path);
        return topic != null ? topic : queues.get(path);
    }

    /** True when messages can be sent to this path: not to subscriptions or dead-letter queues. */
    boolean isSendable(String path) {
        return topics.containsKey(path)
                || queues.containsKey(path)
                        && !subscriptions.containsKey(path)
                        && !path.endsWith(EntityPath.DEAD_LETTER_SUFFIX);
    }
}
