package org.raygateway.reconcile;

import java.time.Duration;
import org.raygateway.settings.PropertyReader;

/**
 * When a job counts as lost, and when it is deleted.
 *
 * @param silentAfter no event for so long
 * @param waitingAfter dispatched and not begun for so long, so that callers are told why
 * @param unconfirmedAfter in the store but not confirmed by the queue for so long
 * @param queuedAfter in the queue for so long
 * @param retention age of an ended job at which it is deleted
 */
public record ReconcileSettings(
        Duration silentAfter,
        Duration waitingAfter,
        Duration unconfirmedAfter,
        Duration queuedAfter,
        Duration retention) {
    private static final Duration SECOND = Duration.ofSeconds(1);

    public static ReconcileSettings from(PropertyReader properties) {
        return new ReconcileSettings(
                properties.duration("gateway.reconcile.silent-after", SECOND, Duration.ofDays(1)),
                properties.duration("gateway.reconcile.waiting-after", SECOND, Duration.ofDays(1)),
                properties.duration("gateway.reconcile.unconfirmed-after", SECOND, Duration.ofDays(1)),
                properties.duration("gateway.reconcile.queued-after", SECOND, Duration.ofDays(30)),
                properties.duration("gateway.retention.age", SECOND, Duration.ofDays(3650)));
    }
}
