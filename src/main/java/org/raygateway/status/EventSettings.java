package org.raygateway.status;

import java.time.Duration;
import org.raygateway.settings.PropertyReader;

/**
 * Event streams.
 *
 * @param maxSubscribers open at once
 * @param heartbeat interval of comment lines
 * @param slowClientTimeout how long a subscriber may take nothing
 */
public record EventSettings(int maxSubscribers, Duration heartbeat, Duration slowClientTimeout) {
    private static final Duration HOUR = Duration.ofHours(1);

    public static EventSettings from(PropertyReader properties) {
        return new EventSettings(
                properties.integer("gateway.events.max-subscribers", 1, 1_000_000),
                properties.duration("gateway.events.heartbeat", Duration.ofMillis(100), HOUR),
                properties.duration("gateway.events.slow-client-timeout", Duration.ofMillis(100), HOUR));
    }
}
