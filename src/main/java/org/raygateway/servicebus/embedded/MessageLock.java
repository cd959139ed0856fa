package org.raygateway.servicebus.embedded;

import java.util.UUID;
import org.raygateway.servicebus.embedded.Timers.Timer;

/**
 * One receiver's hold on a message. Locks are not stored: after a restart a locked message is available again.
 */
final class MessageLock {

    final UUID token;
    final StoredMessage message;
    long lockedUntil;
    Timer timer;

    MessageLock(UUID token, StoredMessage message) {
        this.token = token;
        this.message = message;
    }
}
