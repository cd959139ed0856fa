package org.raygateway.servicebus.embedded;

/**
 * SQL's LIKE: {@code %} stands for any text, {@code _} for one character. It goes back to the last {@code %} only, so that no
 * pattern makes it slow, as a regular expression would become.
 */
final class LikePattern {

    /** Longer texts match no pattern; Azure's properties are no longer either. */
    private static final int MAX_TEXT = 64 << 10;

    private final char[] literals;
    /** At the same index: 0 for the literal itself, else the wildcard. */
    private final char[] wildcards;

    private final int length;

    /**
     * @param escape the character that makes a following wildcard literal; empty for none
     * @throws IllegalArgumentException for an escape of several characters, or at the pattern's end
     */
    LikePattern(String pattern, String escape) {
        if (escape.length() > 1) {
            throw new IllegalArgumentException("ESCAPE needs one character, got '" + escape + "'");
        }
        literals = new char[pattern.length()];
        wildcards = new char[pattern.length()];
        int count = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (!escape.isEmpty() && c == escape.charAt(0)) {
                if (++i == pattern.length()) {
                    throw new IllegalArgumentException("the pattern '" + pattern + "' ends with its escape character");
                }
                literals[count++] = pattern.charAt(i);
            } else if (c == '%' || c == '_') {
                wildcards[count++] = c;
            } else {
                literals[count++] = c;
            }
        }
        length = count;
    }

    boolean matches(String text) {
        if (text.length() > MAX_TEXT) {
            return false;
        }
        int at = 0;
        int part = 0;
        int lastAny = -1;
        int resumeAt = 0;
        while (at < text.length()) {
            if (part < length && wildcards[part] == '%') {
                lastAny = part++;
                resumeAt = at;
            } else if (part < length && fits(part, text.charAt(at))) {
                part++;
                at++;
            } else if (lastAny >= 0) {
                part = lastAny + 1;
                at = ++resumeAt;
            } else {
                return false;
            }
        }
        while (part < length && wildcards[part] == '%') {
            part++;
        }
        return part == length;
    }

    private boolean fits(int part, char c) {
        return wildcards[part] == '_' || wildcards[part] == 0 && literals[part] == c;
    }
}
