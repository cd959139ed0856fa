package org.raygateway.http;

import java.time.Duration;
import org.raygateway.settings.PropertyReader;

/**
 * What a client may take of a port.
 *
 * @param headerTimeout from a request's first byte to the end of its head
 * @param bodyTimeout from there to the end of its body
 * @param responseTimeout how long an answer may lie unread
 * @param idleTimeout how long a connection may live between requests
 * @param maxConnections open at once, of all clients
 * @param maxPerPeer open at once from one address
 * @param maxUnreadBytes of answers that nobody reads, together
 */
public record ConnectionLimits(
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration responseTimeout,
        Duration idleTimeout,
        int maxConnections,
        int maxPerPeer,
        long maxUnreadBytes) {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    static ConnectionLimits from(PropertyReader properties) {
        return new ConnectionLimits(
                timeout(properties, "gateway.http.header-timeout"),
                timeout(properties, "gateway.http.body-timeout"),
                timeout(properties, "gateway.http.response-timeout"),
                timeout(properties, "gateway.http.idle-timeout"),
                properties.integer("gateway.http.max-connections", 1, 1_000_000),
                properties.integer("gateway.http.max-connections-per-peer", 1, 1_000_000),
                properties.number("gateway.http.max-pending-bytes", 1 << 20, 1L << 34));
    }

    private static Duration timeout(PropertyReader properties, String key) {
        return properties.duration(key, SHORTEST, LONGEST);
    }
}
