package org.raygateway.ray.actor;

import java.time.Duration;

/** The one run of a dedicated actor, which drivers may ask about while it goes on. */
final class OwnRun {
    private final String assignment;
    private boolean began;
    private long beganNanos;
    private String terminal;

    /** @param assignment as JSON; empty where the actor is pooled */
    OwnRun(String assignment) {
        this.assignment = assignment;
    }

    String assignment() {
        return assignment;
    }

    synchronized void begin() {
        began = true;
        beganNanos = System.nanoTime();
    }

    synchronized void end(String terminalOrNone) {
        terminal = terminalOrNone;
        notifyAll();
    }

    /** So much of the time as is left until the driver ends the run with a word of its own. */
    synchronized Duration leftOf(Duration time) {
        Duration left = Assignment.parse(assignment).mostTime().minusNanos(System.nanoTime() - beganNanos);
        Duration shorter = left.compareTo(time) < 0 ? left : time;
        return shorter.isNegative() ? Duration.ZERO : shorter;
    }

    /** Waits for the end, as long as the patience lasts. */
    synchronized Situation describe(long patienceMs) {
        long until = System.nanoTime() + patienceMs * 1_000_000;
        long left = patienceMs;
        try {
            while (terminal == null && left > 0) {
                wait(left);
                left = (until - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        long elapsed = began ? (System.nanoTime() - beganNanos) / 1_000_000 : -1;
        return new Situation(assignment, elapsed, terminal != null, terminal == null ? "" : terminal);
    }
}
