package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.raygateway.servicebus.embedded.Capacity.Share;

/** Copies each message to the subscriptions that want it. Only scheduled messages stay in the topic itself. */
final class Topic implements Entity {

    /** How soon a scheduled message is tried again that did not fit when it was due. */
    private static final long FULL_PAUSE_MILLIS = 1_000;

    private final BrokerContext context;
    private final QueueSettings settings;
    private final List<Subscription> subscriptions;
    private final List<Subscription> essential;
    private final ScheduledMessages scheduled;

    /** @param essentialPaths subscriptions for which the topic refuses what does not fit; where it has none of them, for all its own */
    Topic(
            BrokerContext context,
            String path,
            QueueSettings settings,
            List<Subscription> subscriptions,
            Set<String> essentialPaths) {
        this.context = context;
        this.settings = settings;
        this.subscriptions = List.copyOf(subscriptions);
        List<Subscription> named = subscriptions.stream()
                .filter(subscription ->
                        essentialPaths.contains(subscription.queue().path()))
                .toList();
        this.essential = named.isEmpty() ? this.subscriptions : named;
        this.scheduled = new ScheduledMessages(path);
    }

    /** A queue that holds messages until they are due, and nothing else. */
    private final class ScheduledMessages extends MessageQueue {

        ScheduledMessages(String path) {
            super(Topic.this.context, path, settings, null);
        }

        @Override
        void due(StoredMessage message) {
            if (fits(message.content)) {
                remove(message);
                distribute(message.content);
            } else {
                message.timer = context.timers.schedule(context.timers.now() + FULL_PAUSE_MILLIS, () -> due(message));
            }
        }

        private boolean fits(MessageContent content) {
            return essential.stream()
                    .allMatch(subscription -> subscription.queue().share().fits(List.of(content)));
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
        for (Subscription subscription : essential) {
            Share share = subscription.queue().share();
            if (!share.fits(contents)) {
                share.require(wanted(subscription, contents));
            }
        }
        for (MessageContent content : contents) {
            if (scheduled.admits(content)) {
                distribute(content);
            }
        }
    }

    private List<MessageContent> wanted(Subscription subscription, List<MessageContent> contents) {
        return contents.stream()
                .filter(content -> subscription.wants(new MessageView(context.codec, content)))
                .toList();
    }

    private void distribute(MessageContent content) {
        MessageView view = new MessageView(context.codec, content);
        for (Subscription subscription : subscriptions) {
            if (subscription.wants(view)) {
                copy(content, subscription);
            }
        }
    }

    private void copy(MessageContent content, Subscription subscription) {
        MessageQueue queue = subscription.queue();
        if (essential.contains(subscription) || queue.share().fits(List.of(content))) {
            queue.enqueue(content);
        } else {
            queue.share().missed();
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
