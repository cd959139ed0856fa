package org.raygateway.job;

import java.util.regex.Pattern;

/** Text for people, as it goes into a status message; {@code raygateway/lines.py} does the same. */
public final class MessageLine {
    private static final String CUT = "...";

    /** Nobody's line is longer; a text of megabytes is not looked at as a whole. */
    private static final int LOOKED_AT = 10 * StatusEvent.MAX_MESSAGE;

    /** Control characters, blanks, line separators, and what turns the direction of writing. */
    private static final Pattern NO_PART_OF_A_LINE =
            Pattern.compile("[\\u0000-\\u0020\\u007f-\\u00a0\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]+");

    private static final Pattern HALF_A_PAIR = Pattern.compile("\\p{Cs}");

    private MessageLine() {}

    /** The text on one line, without control characters, cut to {@link StatusEvent#MAX_MESSAGE}. */
    public static String of(String text) {
        String shown = text.substring(0, Math.min(text.length(), LOOKED_AT));
        String line = NO_PART_OF_A_LINE.matcher(shown).replaceAll(" ").strip();
        String whole = HALF_A_PAIR.matcher(line).replaceAll("\uFFFD");
        boolean tooLong = whole.length() > StatusEvent.MAX_MESSAGE || text.length() > LOOKED_AT;
        return tooLong ? cut(whole) : whole;
    }

    private static String cut(String line) {
        int length = Math.min(line.length(), StatusEvent.MAX_MESSAGE - CUT.length());
        boolean splitsAPair = length > 0 && Character.isHighSurrogate(line.charAt(length - 1));
        return line.substring(0, splitsAPair ? length - 1 : length) + CUT;
    }
}
