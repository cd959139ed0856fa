package org.raygateway.servicebus.embedded;

import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * The broker's clock and everything that waits for it: lock expiry, time to live, scheduled messages, idle connections.
 *
 * <p>An ordered set rather than a heap: a message with a time to live of days is usually completed at once, and its timer
 * must leave with it instead of staying until it is due.
 */
final class Timers {

    /** Handle of one scheduled action. */
    record Timer(long dueAt, long order, Runnable action) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int byTime = Long.compare(dueAt, other.dueAt);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final LongSupplier clock;
    private final TreeSet<Timer> timers = new TreeSet<>();
    private long scheduled;

    Timers(LongSupplier clock) {
        this.clock = clock;
    }

    /** Milliseconds since the epoch. */
    long now() {
        return clock.getAsLong();
    }

    Timer schedule(long dueAt, Runnable action) {
        Timer timer = new Timer(dueAt, scheduled++, action);
        timers.add(timer);
        return timer;
    }

    /** Takes a timer back; null and timers that have run are ignored. */
    void cancel(Timer timer) {
        if (timer != null) {
            timers.remove(timer);
        }
    }

    /** Milliseconds until the next timer is due, 0 when one is, -1 when there is none. */
    long untilNext() {
        return timers.isEmpty() ? -1 : Math.max(0, timers.first().dueAt() - now());
    }

    void runDue() {
        long now = now();
        while (!timers.isEmpty() && timers.first().dueAt() <= now) {
            timers.pollFirst().action().run();
        }
    }

    int size() {
        return timers.size();
    }
}
