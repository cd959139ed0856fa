package org.raygateway.servicebus.embedded;

import java.time.Duration;
import org.raygateway.logging.Outage;
import org.raygateway.servicebus.embedded.MessageLog.LogException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The time between a failed commit and the next one that can work. The first try comes at once, since one failure says little;
 * after that pauses grow, and do not start over where service lasted for moments only, as on a disk that is full but for some
 * bytes. Damage is not tried again. Used by the event loop; others may look at {@link #trouble}.
 */
final class StorageRecovery {

    private static final Logger LOG = LoggerFactory.getLogger(StorageRecovery.class);
    private static final long FIRST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 1_000;
    private static final long CALM = Duration.ofSeconds(30).toNanos();

    private final Broker broker;
    private final Outage outage = new Outage(LOG, Level.ERROR);
    private volatile String trouble;
    private boolean damaged;
    private long pause;
    private long recoveredAt = System.nanoTime() - CALM;

    StorageRecovery(Broker broker) {
        this.broker = broker;
    }

    /** Why nobody is served, or null. */
    String trouble() {
        return trouble;
    }

    boolean isOver() {
        return trouble == null;
    }

    void begin(LogException cause) {
        if (System.nanoTime() - recoveredAt > CALM) {
            pause = 0;
        }
        note(cause);
    }

    /** How long to wait before {@link #tryAgain}. */
    long pauseMillis() {
        return pause;
    }

    void tryAgain() {
        if (damaged) {
            tell();
            return;
        }
        try {
            broker.recover();
            recoveredAt = System.nanoTime();
            trouble = null;
            outage.over("The embedded Service Bus works again, from what it had stored");
        } catch (LogException still) {
            note(still);
        } finally {
            pause = Math.min(Math.max(FIRST_PAUSE, 2 * pause), LONGEST_PAUSE);
        }
    }

    private void note(LogException cause) {
        trouble = cause.getMessage();
        damaged = cause.isDamage();
        if (damaged) {
            pause = LONGEST_PAUSE;
        }
        LOG.debug("The embedded Service Bus could not store or read", cause);
        tell();
    }

    private void tell() {
        outage.failed("The embedded Service Bus serves nobody: " + trouble);
    }
}
