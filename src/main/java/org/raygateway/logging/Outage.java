package org.raygateway.logging;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Tells the log of something that fails again and again: when it begins, once a minute while it lasts, and when it is over. What
 * comes and goes is told of every ten seconds at most, so that no pace of failures becomes a pace of lines.
 */
public final class Outage {
    private static final long REMINDER = Duration.ofMinutes(1).toNanos();
    private static final long CALM = Duration.ofSeconds(10).toNanos();

    private final Logger log;
    private final Level level;
    private final LongSupplier nanos;
    private volatile boolean told;
    private boolean first = true;
    private long lastLine;
    private long untold;

    public Outage(Logger log, Level level) {
        this(log, level, System::nanoTime);
    }

    Outage(Logger log, Level level, LongSupplier nanos) {
        this.log = log;
        this.level = level;
        this.nanos = nanos;
    }

    /** @param text what fails, and what to do */
    public void failed(String text) {
        failed(text, null);
    }

    /** @param cause goes with the line where there is one; may be null */
    public synchronized void failed(String text, Throwable cause) {
        long now = nanos.getAsLong();
        if (!first && now - lastLine < (told ? REMINDER : CALM)) {
            untold++;
            return;
        }
        write(untold == 0 ? text : text + " (" + untold + " times more since this was last said)", cause);
        first = false;
        told = true;
        untold = 0;
        lastLine = now;
    }

    /** To be called whenever it works; costs nothing where the log knows of no failure. */
    public void over(String text) {
        if (told) {
            tellOver(text);
        }
    }

    private synchronized void tellOver(String text) {
        if (told) {
            log.info(text);
            told = false;
        }
    }

    /** Not by SLF4J 2's fluent calls: Ray's workers have SLF4J 1.7. */
    private void write(String line, Throwable cause) {
        if (level == Level.ERROR) {
            log.error(line, cause);
        } else if (level == Level.WARN) {
            log.warn(line, cause);
        } else {
            log.info(line, cause);
        }
    }
}
