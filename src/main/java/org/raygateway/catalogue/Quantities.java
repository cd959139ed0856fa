package org.raygateway.catalogue;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and sizes as people write them: a whole number and a unit. */
final class Quantities {
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,9}) ?([A-Za-z]{1,3})");
    private static final Map<String, ChronoUnit> TIMES = Map.of(
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);
    private static final Map<String, Integer> SIZE_SHIFTS = Map.of("KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);
    private static final int LARGEST_SHIFTED = 1 << 22;

    private Quantities() {}

    /** Null for anything else. */
    static Duration duration(String text) {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches() || !TIMES.containsKey(matcher.group(2))) {
            return null;
        }
        return Duration.of(Long.parseLong(matcher.group(1)), TIMES.get(matcher.group(2)));
    }

    /** Null for anything else, and for 0. */
    static Long bytes(String text) {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches() || !SIZE_SHIFTS.containsKey(matcher.group(2))) {
            return null;
        }
        long number = Long.parseLong(matcher.group(1));
        return number == 0 || number > LARGEST_SHIFTED ? null : number << SIZE_SHIFTS.get(matcher.group(2));
    }
}
