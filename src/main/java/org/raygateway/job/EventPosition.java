package org.raygateway.job;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a job's history. Events of one job are ordered by attempt, then by sequence within the attempt.
 *
 * @param attempt 0 for the submission, then 1, 2, ... one for each dispatch
 * @param sequence 0 for the dispatch itself, then rising as the actor publishes
 */
public record EventPosition(int attempt, long sequence) implements Comparable<EventPosition> {
    /** Before every event of a job. */
    public static final EventPosition START = new EventPosition(-1, -1);

    /** Bounds of what {@link #parse} takes, so of what may ever be given out. */
    public static final int MAX_ATTEMPT = 999_999_999;

    public static final long MAX_SEQUENCE = 999_999_999_999_999_999L;

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})-(\\d{1,18})");
    private static final Comparator<EventPosition> ORDER =
            Comparator.comparingInt(EventPosition::attempt).thenComparingLong(EventPosition::sequence);

    /** Reads {@code attempt-sequence}, the form of an SSE {@code id:}; empty where the text is anything else. */
    public static Optional<EventPosition> parse(String text) {
        Matcher matcher = TEXT.matcher(text == null ? "" : text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new EventPosition(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))));
    }

    public boolean isAfter(EventPosition other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(EventPosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return attempt + "-" + sequence;
    }
}
