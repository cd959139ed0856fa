package org.raygateway.servicebus;

import com.azure.core.amqp.AmqpRetryMode;
import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusFailureReason;
import java.time.Duration;

/** Makes clients of the Azure SDK, all with the same address, credentials and deadlines. */
public final class ServiceBusClients {
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);

    /** The SDK adds 4 s to every pause; with a maximum below that it fails to compute one, and does not try again. */
    private static final Duration LEAST_MAX_DELAY = Duration.ofSeconds(5);

    private final ServiceBusSettings settings;

    public ServiceBusClients(ServiceBusSettings settings) {
        this.settings = settings;
    }

    public ServiceBusSettings settings() {
        return settings;
    }

    /** A new builder; each opens a connection of its own. */
    public ServiceBusClientBuilder builder() {
        ServiceBusClientBuilder builder = new ServiceBusClientBuilder().retryOptions(retryOptions());
        return passwordless()
                ? builder.credential(settings.namespace(), new DefaultAzureCredentialBuilder().build())
                : builder.connectionString(settings.connectionString());
    }

    boolean passwordless() {
        return settings.connectionString().isEmpty();
    }

    AmqpRetryOptions retryOptions() {
        return new AmqpRetryOptions()
                .setMode(AmqpRetryMode.EXPONENTIAL)
                .setDelay(FIRST_RETRY)
                .setMaxDelay(longest(settings.tryTimeout(), LEAST_MAX_DELAY))
                .setTryTimeout(settings.tryTimeout())
                .setMaxRetries(settings.maxRetries());
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Whether a send was refused because the entity has no room: it is there, and says so. */
    public static boolean isFull(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ServiceBusException refused
                    && refused.getReason() == ServiceBusFailureReason.QUOTA_EXCEEDED) {
                return true;
            }
        }
        return false;
    }
}
