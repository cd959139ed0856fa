package org.raygateway.ray.actor;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The words for an execution that took too long; the actor and the driver use the same. */
public final class TimedOut {
    private TimedOut() {}

    public static String message(Assignment assignment) {
        return "timed out after " + text(assignment.timeout());
    }

    /** {@code 90s} reads as {@code 1m 30s}; below a second, milliseconds. */
    static String text(Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0) {
            return time.toMillis() + " ms";
        }
        return time.truncatedTo(ChronoUnit.SECONDS)
                .toString()
                .substring(2)
                .replaceAll("(?<=[HM])(?=\\d)", " ")
                .toLowerCase(Locale.ROOT);
    }
}
