package org.raygateway.servicebus.embedded;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusRuleManagerClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import com.azure.messaging.servicebus.administration.models.CreateRuleOptions;
import com.azure.messaging.servicebus.administration.models.RuleFilter;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import com.azure.messaging.servicebus.models.SubQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Unmodified SDK clients for one broker, closed together. */
final class Clients implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(10);
    /** How long to look for a message that must not be there. */
    static final Duration GLANCE = Duration.ofMillis(700);

    private final String connectionString;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    Clients(String connectionString) {
        this.connectionString = connectionString;
    }

    ServiceBusClientBuilder builder() {
        AmqpRetryOptions retry = new AmqpRetryOptions()
                .setTryTimeout(Duration.ofSeconds(10))
                .setDelay(Duration.ofMillis(200))
                .setMaxDelay(Duration.ofSeconds(1))
                .setMaxRetries(5);
        return new ServiceBusClientBuilder().connectionString(connectionString).retryOptions(retry);
    }

    <T extends AutoCloseable> T closing(T client) {
        opened.push(client);
        return client;
    }

    ServiceBusSenderClient sender(String queue) {
        return closing(builder().sender().queueName(queue).buildClient());
    }

    ServiceBusSenderClient topicSender(String topic) {
        return closing(builder().sender().topicName(topic).buildClient());
    }

    ServiceBusReceiverClient receiver(String queue) {
        return closing(builder().receiver().queueName(queue).buildClient());
    }

    /** By default the SDK renews locks behind one's back. */
    ServiceBusReceiverClient notRenewing(String queue) {
        return closing(builder()
                .receiver()
                .queueName(queue)
                .maxAutoLockRenewDuration(Duration.ZERO)
                .buildClient());
    }

    ServiceBusReceiverClient deadLetters(String queue) {
        return closing(builder()
                .receiver()
                .queueName(queue)
                .subQueue(SubQueue.DEAD_LETTER_QUEUE)
                .buildClient());
    }

    ServiceBusReceiverClient deleting(String queue) {
        return closing(builder()
                .receiver()
                .queueName(queue)
                .receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE)
                .buildClient());
    }

    ServiceBusReceiverClient subscription(String topic, String subscription) {
        return closing(builder()
                .receiver()
                .topicName(topic)
                .subscriptionName(subscription)
                .buildClient());
    }

    static void createRule(ServiceBusRuleManagerClient rules, String name, RuleFilter filter) {
        rules.createRule(name, new CreateRuleOptions(filter));
    }

    static List<ServiceBusReceivedMessage> receive(ServiceBusReceiverClient receiver, int count) {
        return receiver.receiveMessages(count, PATIENCE).stream().toList();
    }

    static ServiceBusReceivedMessage receiveOne(ServiceBusReceiverClient receiver) {
        List<ServiceBusReceivedMessage> received = receive(receiver, 1);
        if (received.isEmpty()) {
            throw new AssertionError("no message came from " + receiver.getEntityPath() + " within " + PATIENCE);
        }
        return received.get(0);
    }

    static boolean isEmpty(ServiceBusReceiverClient receiver) {
        return receiver.receiveMessages(1, GLANCE).stream().findAny().isEmpty();
    }

    static List<String> bodies(List<ServiceBusReceivedMessage> messages) {
        return messages.stream().map(message -> message.getBody().toString()).toList();
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a client did not close", e);
            }
        }
    }
}
