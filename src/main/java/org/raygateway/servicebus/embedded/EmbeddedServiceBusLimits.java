package org.raygateway.servicebus.embedded;

import java.time.Duration;

/**
 * Bounds of the embedded broker; every one of them refuses work with an AMQP error instead of growing.
 *
 * @param maxMessageBytes largest message or batch, told to clients in the link's attach
 * @param maxConnections open sockets; further ones are closed at once
 * @param maxLinksPerConnection links and sessions on one connection ({@code amqp:resource-limit-exceeded})
 * @param maxMessages messages in all queues together ({@code amqp:resource-limit-exceeded}). Half of it is for whoever needs it first,
 *     three eighths are reserved in equal parts for each queue, topic and subscription, one eighth for their dead letters
 * @param maxBytes bytes of all messages together, divided in the same way; each message counts with a fixed overhead
 * @param maxRememberedIds message ids remembered by each queue for duplicate detection; beyond it the oldest are forgotten early
 * @param handshakeTimeout from connecting to a valid token in {@code $cbs}
 * @param idleTimeout silence after which a connection is given up (AMQP 1.0, 2.4.5)
 */
public record EmbeddedServiceBusLimits(
        int maxMessageBytes,
        int maxConnections,
        int maxLinksPerConnection,
        int maxMessages,
        long maxBytes,
        int maxRememberedIds,
        Duration handshakeTimeout,
        Duration idleTimeout) {

    /** Refuses bounds that are not positive, naming the one at fault. */
    public EmbeddedServiceBusLimits {
        requirePositive("maxMessageBytes", maxMessageBytes);
        requirePositive("maxConnections", maxConnections);
        requirePositive("maxLinksPerConnection", maxLinksPerConnection);
        requirePositive("maxMessages", maxMessages);
        requirePositive("maxBytes", maxBytes);
        requirePositive("maxRememberedIds", maxRememberedIds);
        requirePositive("handshakeTimeout", handshakeTimeout.toMillis());
        requirePositive("idleTimeout", idleTimeout.toMillis());
    }

    /** Bounds that suit one gateway on one machine: 1 MiB messages, 128 MiB and 200,000 messages in all. */
    public static EmbeddedServiceBusLimits defaults() {
        return new EmbeddedServiceBusLimits(
                1 << 20, 256, 256, 200_000, 128L << 20, 500_000, Duration.ofSeconds(30), Duration.ofSeconds(120));
    }

    /** The same bounds, but for what all messages together may be. */
    public EmbeddedServiceBusLimits holding(int messages, long bytes) {
        return new EmbeddedServiceBusLimits(
                maxMessageBytes,
                maxConnections,
                maxLinksPerConnection,
                messages,
                bytes,
                maxRememberedIds,
                handshakeTimeout,
                idleTimeout);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "Embedded Service Bus limit " + name + " must be positive, got " + value);
        }
    }
}
