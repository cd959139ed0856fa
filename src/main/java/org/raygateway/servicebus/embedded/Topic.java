package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.List;

/** Copies each message to the subscriptions that want it. Only scheduled messages stay in the topic itself. */
final class Topic implements Entity {

    private final BrokerContext context;
    private final QueueSettings settings;
    private final List<Subscription> subscriptions;
    private final ScheduledMessages scheduled;

    Topic(BrokerContext context, String path, QueueSettings settings, List<Subscription> subscriptions) {
        this.context = context;
        this.settings = settings;
        this.subscriptions = List.copyOf(subscriptions);
        this.scheduled = new ScheduledMessages(path);
    }

    /** A queue that holds messages until they are due, and nothing else. */
    private final class ScheduledMessages extends MessageQueue {

        ScheduledMessages(String path) {
            super(Topic.this.context, path, settings, null);
        }

        @Override
        void due(StoredMessage message) {
            remove(message);
            distribute(message.content);
        }
    }

    @Override
    public String path() {
        return scheduled.path();
    }

    /** The topic's own messages, for recovery and peeking. */
    MessageQueue scheduled() {
        return scheduled;
    }

    List<Subscription> subscriptions() {
        return subscriptions;
    }

    @Override
    public void publish(List<MessageContent> contents) {
        MessageQueue.requireRoom(context, contents, subscriptions.size());
        for (MessageContent content : contents) {
            if (scheduled.admits(content)) {
                distribute(content);
            }
        }
    }

    private void distribute(MessageContent content) {
        MessageView view = new MessageView(context.codec, content);
        for (Subscription subscription : subscriptions) {
            if (subscription.wants(view)) {
                subscription.queue().enqueue(content);
            }
        }
    }

    @Override
    public List<Long> schedule(List<MessageContent> contents) {
        return new ArrayList<>(scheduled.schedule(contents));
    }

    @Override
    public void cancelScheduled(List<Long> sequenceNumbers) {
        scheduled.cancelScheduled(sequenceNumbers);
    }
}
