package org.raygateway.ray.publish;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusMessageBatch;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import java.time.Duration;
import java.util.List;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends status events to a Service Bus topic: correlation id = job id, message id = {@code job:attempt:sequence}, so that
 * a topic with duplicate detection drops what is sent again, and the job's {@code traceparent} (W3C Trace Context) among the
 * application properties.
 */
final class ServiceBusEventSender implements EventSender {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceBusEventSender.class);

    /** The SDK's defaults block for minutes; the publisher's own back-off goes on after these. */
    private static final AmqpRetryOptions RETRIES = new AmqpRetryOptions()
            .setTryTimeout(Duration.ofSeconds(5))
            .setMaxRetries(1)
            .setDelay(Duration.ofMillis(200));

    private final ServiceBusSenderClient client;

    ServiceBusEventSender(ServiceBusSettings settings) {
        ServiceBusClientBuilder builder = new ServiceBusClientBuilder().retryOptions(RETRIES);
        if (settings.connectionString() != null) {
            builder.connectionString(settings.connectionString());
        } else {
            builder.credential(settings.namespace(), new DefaultAzureCredentialBuilder().build());
        }
        this.client = builder.sender().topicName(settings.topic()).buildClient();
    }

    @Override
    public int send(List<StatusMessage> events) {
        if (events.size() == 1) {
            client.sendMessage(message(events.get(0)));
            return 1;
        }
        ServiceBusMessageBatch batch = client.createMessageBatch();
        int count = 0;
        while (count < events.size() && batch.tryAddMessage(message(events.get(count)))) {
            count++;
        }
        if (count == 0) {
            return sendLarge(events.get(0));
        }
        client.sendMessages(batch);
        return count;
    }

    /** A batch has its own overhead: what does not fit into one may still fit into a message. */
    private int sendLarge(StatusMessage event) {
        client.sendMessage(message(event));
        return 1;
    }

    static ServiceBusMessage message(StatusMessage status) {
        StatusEvent event = status.event();
        String job = event.jobId().toString();
        ServiceBusMessage message = new ServiceBusMessage(StatusEventJson.write(event));
        message.setMessageId(job + ":" + event.attempt() + ":" + event.sequence());
        message.setCorrelationId(job);
        message.setContentType("application/json");
        if (!status.traceparent().isEmpty()) {
            message.getApplicationProperties().put("traceparent", status.traceparent());
        }
        return message;
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (RuntimeException failed) {
            LOG.debug("The connection to Service Bus did not close cleanly", failed);
        }
    }
}
