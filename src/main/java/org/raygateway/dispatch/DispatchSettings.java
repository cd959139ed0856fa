package org.raygateway.dispatch;

import java.time.Duration;
import org.raygateway.settings.PropertyReader;

/**
 * How jobs get to Ray.
 *
 * @param driverTimeout deadline of one call to the driver
 * @param breakerFailures consecutive failures that open the breaker
 * @param breakerOpenTime how long it stays open before a probe
 * @param breakerIdleTime how long a closed breaker goes without a call before it is probed all the same
 * @param concurrency attempts of one computation handed over side by side
 * @param maxWaiting jobs of one computation that may wait to be started
 */
public record DispatchSettings(
        Duration driverTimeout,
        int breakerFailures,
        Duration breakerOpenTime,
        Duration breakerIdleTime,
        int concurrency,
        long maxWaiting,
        WhenComputeDown whenComputeDown) {

    /** What becomes of posts while the breaker is open. */
    public enum WhenComputeDown {
        /** 503 with Retry-After. */
        REJECT,
        /** Accepted, and queued until it closes. */
        HOLD
    }

    public static DispatchSettings from(PropertyReader properties) {
        Duration timeout = properties.duration("gateway.driver.timeout", Duration.ofMillis(100), Duration.ofMinutes(1));
        return new DispatchSettings(
                timeout,
                properties.integer("gateway.breaker.failures", 1, 1000),
                properties.duration("gateway.breaker.open-time", Duration.ofMillis(10), Duration.ofHours(1)),
                properties.duration("gateway.breaker.idle-time", Duration.ofMillis(10), Duration.ofHours(1)),
                properties.integer("gateway.dispatch.concurrency", 1, 1000),
                properties.integer("gateway.dispatch.max-waiting", 1, 100_000_000),
                properties.choice("gateway.admission.when-compute-down", WhenComputeDown.class));
    }
}
