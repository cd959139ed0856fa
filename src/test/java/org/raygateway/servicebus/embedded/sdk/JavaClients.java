package org.raygateway.servicebus.embedded.sdk;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusClientBuilder.ServiceBusReceiverClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusRuleManagerClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import com.azure.messaging.servicebus.models.SubQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Clients of one step, and its own queue. */
final class JavaClients implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    final SdkBrokers brokers;
    final String queue;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    JavaClients(SdkBrokers brokers, String queue) {
        this.brokers = brokers;
        this.queue = queue;
    }

    ServiceBusClientBuilder builder() {
        return builder(brokers.connectionString());
    }

    ServiceBusClientBuilder builder(String connectionString) {
        AmqpRetryOptions retry = new AmqpRetryOptions()
                .setTryTimeout(Duration.ofSeconds(5))
                .setDelay(Duration.ofMillis(200))
                // Not below 4.2 s: the SDK adds 4 s to the delay, and its receivers end for good where that is above.
                .setMaxDelay(Duration.ofSeconds(10))
                .setMaxRetries(3);
        return new ServiceBusClientBuilder().connectionString(connectionString).retryOptions(retry);
    }

    <T extends AutoCloseable> T closing(T client) {
        opened.push(client);
        return client;
    }

    ServiceBusSenderClient sender() {
        return sender(queue);
    }

    ServiceBusSenderClient sender(String queueName) {
        return closing(builder().sender().queueName(queueName).buildClient());
    }

    ServiceBusSenderClient topicSender(String topic) {
        return closing(builder().sender().topicName(topic).buildClient());
    }

    void send(String body) {
        sender().sendMessage(new ServiceBusMessage(body));
    }

    /** By default the SDK renews locks behind one's back. */
    private ServiceBusReceiverClientBuilder receiving(String queueName) {
        return builder().receiver().queueName(queueName).maxAutoLockRenewDuration(Duration.ZERO);
    }

    ServiceBusReceiverClient receiver() {
        return receiver(queue);
    }

    ServiceBusReceiverClient receiver(String queueName) {
        return closing(receiving(queueName).buildClient());
    }

    ServiceBusReceiverClient deleting(String queueName) {
        return closing(receiving(queueName)
                .receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE)
                .buildClient());
    }

    ServiceBusReceiverClient deadLetters(String queueName) {
        return closing(receiving(queueName).subQueue(SubQueue.DEAD_LETTER_QUEUE).buildClient());
    }

    ServiceBusReceiverClient subscription(String topic, String subscription) {
        return closing(builder()
                .receiver()
                .topicName(topic)
                .subscriptionName(subscription)
                .receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE)
                .buildClient());
    }

    ServiceBusRuleManagerClient rules(String topic, String subscription) {
        return closing(builder()
                .ruleManager()
                .topicName(topic)
                .subscriptionName(subscription)
                .buildClient());
    }

    static ServiceBusReceivedMessage receive(ServiceBusReceiverClient receiver) {
        return receiver.receiveMessages(1, PATIENCE).stream().findFirst().orElseThrow();
    }

    /** Bodies of so many messages, or of fewer where no more came in time. */
    static List<String> bodies(ServiceBusReceiverClient receiver, int count) {
        return receiver.receiveMessages(count, PATIENCE).stream()
                .map(message -> message.getBody().toString())
                .toList();
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
