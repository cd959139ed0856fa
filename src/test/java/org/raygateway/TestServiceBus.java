package org.raygateway;

import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import com.azure.messaging.servicebus.models.SubQueue;
import java.util.List;
import java.util.stream.Stream;

/** What stands in a gateway's queue and topic, seen with the unmodified SDK, and status messages as actors send them. */
public final class TestServiceBus {
    private static final int MOST = 100;

    private final String connectionString;

    public TestServiceBus(String connectionString) {
        this.connectionString = connectionString;
    }

    private ServiceBusClientBuilder builder() {
        return new ServiceBusClientBuilder().connectionString(connectionString);
    }

    /** Sends one message after the other to the status topic. */
    public void publish(String... bodies) {
        publish(Stream.of(bodies)
                .map(body -> new ServiceBusMessage(body).setContentType("application/json"))
                .toList());
    }

    /** Sends these messages, in order, to the status topic. */
    public void publish(List<ServiceBusMessage> messages) {
        try (ServiceBusSenderClient sender =
                builder().sender().topicName("job-status").buildClient()) {
            sender.sendMessages(messages);
        }
    }

    /** Messages in the job queue, locked ones too. */
    public List<ServiceBusReceivedMessage> jobs() {
        try (ServiceBusReceiverClient receiver =
                builder().receiver().queueName("job-submissions").buildClient()) {
            return receiver.peekMessages(MOST).stream().toList();
        }
    }

    public List<ServiceBusReceivedMessage> deadJobs() {
        try (ServiceBusReceiverClient receiver = builder()
                .receiver()
                .queueName("job-submissions")
                .subQueue(SubQueue.DEAD_LETTER_QUEUE)
                .buildClient()) {
            return receiver.peekMessages(MOST).stream().toList();
        }
    }

    public List<ServiceBusReceivedMessage> deadStatuses() {
        try (ServiceBusReceiverClient receiver = builder()
                .receiver()
                .topicName("job-status")
                .subscriptionName("gateway")
                .subQueue(SubQueue.DEAD_LETTER_QUEUE)
                .buildClient()) {
            return receiver.peekMessages(MOST).stream().toList();
        }
    }
}
