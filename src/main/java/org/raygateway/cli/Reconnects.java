package org.raygateway.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How a client bears a gateway that is away, as while it restarts: pauses that double, a word to the user at once and then now and
 * then, and an end to its patience. {@code Retry-After} makes a pause longer, never shorter.
 */
final class Reconnects {
    static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(5);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_WORDS = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 10;

    /** Waits; a test's may pass time instead. */
    interface Sleep {
        void of(Duration time) throws InterruptedException;
    }

    private final Duration patience;
    private final Consumer<String> notice;
    private final LongSupplier nanos;
    private final Sleep sleep;
    private int failures;
    private long awaySince;
    private long toldAt;

    /**
     * @param patience how long the gateway may be away
     * @param notice takes lines for the user
     */
    Reconnects(Duration patience, Consumer<String> notice) {
        this(patience, notice, System::nanoTime, time -> Thread.sleep(time.toMillis()));
    }

    Reconnects(Duration patience, Consumer<String> notice, LongSupplier nanos, Sleep sleep) {
        this.patience = patience;
        this.notice = notice;
        this.nanos = nanos;
        this.sleep = sleep;
    }

    /** The gateway is there. */
    void connected() {
        if (failures > 0) {
            notice.accept("the gateway is back");
        }
        failures = 0;
    }

    void pause(RuntimeException cause) throws InterruptedException {
        pause(cause, Optional.empty());
    }

    /**
     * Waits before the next try, or gives up with the cause.
     *
     * @param asked how long the gateway asked to wait at least
     */
    void pause(RuntimeException cause, Optional<Duration> asked) throws InterruptedException {
        long now = nanos.getAsLong();
        if (failures == 0) {
            awaySince = now;
        }
        Duration left = patience.minusNanos(now - awaySince);
        Duration own = min(FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS)), LONGEST_PAUSE);
        Duration least = asked.orElse(Duration.ZERO);
        if (left.isNegative() || left.isZero() || least.compareTo(left) > 0) {
            notice.accept("gave up after " + show(patience.minus(left)) + "; the job goes on without being watched");
            throw cause;
        }
        tell(now, cause, left);
        failures++;
        sleep.of(min(own.compareTo(least) > 0 ? own : least, left));
    }

    private void tell(long now, RuntimeException cause, Duration left) {
        if (failures > 0 && now - toldAt < BETWEEN_WORDS.toNanos()) {
            return;
        }
        notice.accept((failures == 0 ? "reconnecting" : "still reconnecting") + " for up to " + show(left) + ": "
                + cause.getMessage());
        toldAt = now;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String show(Duration time) {
        long seconds = (time.toMillis() + 500) / 1000;
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
    }
}
