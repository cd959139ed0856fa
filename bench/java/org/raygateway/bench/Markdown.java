package org.raygateway.bench;

import java.util.Locale;

/** What the reports are written with. */
public final class Markdown {
    private Markdown() {}

    /** A row of a table of goals. */
    public static String goal(String what, String measured, String goal, boolean met) {
        return "| " + what + " | " + measured + " | " + goal + ": " + (met ? "met" : "**not met**") + " |";
    }

    /** Numbers as everywhere, whatever the machine's locale. */
    public static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
