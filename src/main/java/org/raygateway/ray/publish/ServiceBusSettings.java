package org.raygateway.ray.publish;

import java.time.Duration;
import java.util.Map;

/**
 * Where status messages go. Exactly one of connection string and namespace is set.
 *
 * @param connectionString with a shared access key, or null
 * @param namespace {@code NAME.servicebus.windows.net}, entered with DefaultAzureCredential, or null
 * @param topic the status topic
 * @param capacity events that may wait to be sent, at least 1
 * @param closePatience how long {@code close()} goes on sending
 */
public record ServiceBusSettings(
        String connectionString, String namespace, String topic, int capacity, Duration closePatience) {
    private static final String CONNECTION_STRING = "RAYGATEWAY_SERVICEBUS_CONNECTION_STRING";
    private static final String NAMESPACE = "RAYGATEWAY_SERVICEBUS_NAMESPACE";
    private static final String TOPIC = "RAYGATEWAY_STATUS_TOPIC";
    private static final String DEFAULT_TOPIC = "job-status";
    private static final int DEFAULT_CAPACITY = 10_000;
    private static final Duration DEFAULT_CLOSE_PATIENCE = Duration.ofSeconds(5);

    public ServiceBusSettings {
        if ((connectionString == null) == (namespace == null)) {
            throw new IllegalArgumentException(
                    "the status publisher needs a Service Bus connection string or a namespace, one of the two");
        }
        if (capacity < 1) {
            throw new IllegalArgumentException("the status publisher's capacity must be positive, got " + capacity);
        }
    }

    public static ServiceBusSettings withConnectionString(String connectionString, String topic) {
        return new ServiceBusSettings(connectionString, null, topic, DEFAULT_CAPACITY, DEFAULT_CLOSE_PATIENCE);
    }

    public static ServiceBusSettings withNamespace(String namespace, String topic) {
        return new ServiceBusSettings(null, namespace, topic, DEFAULT_CAPACITY, DEFAULT_CLOSE_PATIENCE);
    }

    /**
     * Where processes beside Ray publish, driver, Java and Python workers alike: {@code RAYGATEWAY_SERVICEBUS_CONNECTION_STRING}, or
     * {@code RAYGATEWAY_SERVICEBUS_NAMESPACE} with DefaultAzureCredential, and {@code RAYGATEWAY_STATUS_TOPIC} (job-status).
     *
     * @throws IllegalArgumentException where neither or both of the first two are set
     */
    public static ServiceBusSettings fromEnvironment(Map<String, String> environment) {
        String connectionString = environment.getOrDefault(CONNECTION_STRING, "");
        String namespace = environment.getOrDefault(NAMESPACE, "");
        if (connectionString.isEmpty() == namespace.isEmpty()) {
            throw new IllegalArgumentException("statuses are published to the Service Bus that " + CONNECTION_STRING
                    + " or " + NAMESPACE + " names: set one of the two in the environment of this process, not both");
        }
        String topic = environment.getOrDefault(TOPIC, "");
        topic = topic.isEmpty() ? DEFAULT_TOPIC : topic;
        return connectionString.isEmpty()
                ? withNamespace(namespace, topic)
                : withConnectionString(connectionString, topic);
    }

    /** Leaves the connection string out, since it holds a key. */
    @Override
    public String toString() {
        return "ServiceBusSettings[namespace=" + namespace + ", topic=" + topic + ", capacity=" + capacity + "]";
    }
}
