package org.raygateway.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads typed values, notes each error and goes on, so that all are reported together. A value that is wrong is replaced by
 * its lower bound until {@link #throwIfInvalid()}.
 */
public final class PropertyReader {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");
    private static final Map<String, LongFunction<Duration>> UNITS = Map.of(
            "ms", Duration::ofMillis,
            "s", Duration::ofSeconds,
            "m", Duration::ofMinutes,
            "h", Duration::ofHours,
            "d", Duration::ofDays);

    private final Map<String, String> values;
    private final Path home;
    private final List<String> errors = new ArrayList<>();

    /** @param home where relative paths start */
    public PropertyReader(Map<String, String> values, Path home) {
        this.values = values;
        this.home = home;
    }

    /** Trimmed; empty where the property is not set. */
    public String text(String key) {
        return values.getOrDefault(key, "").trim();
    }

    public String required(String key) {
        String value = text(key);
        if (value.isEmpty()) {
            errors.add("`" + key + "` must be set");
        }
        return value;
    }

    public int integer(String key, int minimum, int maximum) {
        return (int) number(key, minimum, maximum);
    }

    public long number(String key, long minimum, long maximum) {
        String value = text(key);
        try {
            long number = Long.parseLong(value);
            if (number >= minimum && number <= maximum) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // told below, together with the bounds
        }
        errors.add("`" + key + "` must be a whole number from " + minimum + " to " + maximum + ", got `" + value + "`");
        return minimum;
    }

    public Duration duration(String key, Duration minimum, Duration maximum) {
        String value = text(key);
        Matcher matcher = DURATION.matcher(value);
        if (matcher.matches()) {
            Duration duration = UNITS.get(matcher.group(2)).apply(Long.parseLong(matcher.group(1)));
            if (duration.compareTo(minimum) >= 0 && duration.compareTo(maximum) <= 0) {
                return duration;
            }
        }
        errors.add("`" + key + "` must be a duration from " + show(minimum) + " to " + show(maximum)
                + " such as 500ms, 10s, 5m, 24h or 7d, got `" + value + "`");
        return minimum;
    }

    public boolean flag(String key) {
        String value = text(key);
        if (!value.equals("true") && !value.equals("false")) {
            errors.add("`" + key + "` must be `true` or `false`, got `" + value + "`");
        }
        return value.equals("true");
    }

    /** One of an enum's names in lower case. */
    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        String value = text(key);
        E[] choices = type.getEnumConstants();
        for (E choice : choices) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(value)) {
                return choice;
            }
        }
        List<String> names = Arrays.stream(choices)
                .map(choice -> "`" + choice.name().toLowerCase(Locale.ROOT) + "`")
                .toList();
        errors.add("`" + key + "` must be " + String.join(" or ", names) + ", got `" + value + "`");
        return choices[0];
    }

    public Path path(String key) {
        return home.resolve(required(key)).normalize();
    }

    /**
     * The jars that a class path names: its files, and the jars in its folders, by name. Empty where the property is not set; each
     * entry must be there.
     */
    public List<Path> jars(String key) {
        List<Path> jars = new ArrayList<>();
        for (String entry : text(key).split(":")) {
            if (!entry.isBlank()) {
                addJars(key, home.resolve(entry.trim()).normalize(), jars);
            }
        }
        return jars;
    }

    private void addJars(String key, Path entry, List<Path> jars) {
        if (Files.isRegularFile(entry) && isJar(entry)) {
            jars.add(entry);
            return;
        }
        try (Stream<Path> files = Files.list(entry)) {
            files.filter(PropertyReader::isJar).sorted().forEach(jars::add);
        } catch (IOException | UncheckedIOException unreadable) {
            errors.add("`" + key + "` must name jars, and folders of jars, that can be read, separated by `:`, got `"
                    + entry + "`");
        }
    }

    private static boolean isJar(Path file) {
        return file.getFileName().toString().endsWith(".jar");
    }

    /** Notes an error that concerns several properties. */
    public void reject(String error) {
        errors.add(error);
    }

    public void throwIfInvalid() {
        SettingsException.throwIfAny(errors);
    }

    private static String show(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + "ms";
        }
        return duration.toDays() > 0 ? duration.toDays() + "d" : duration.toSeconds() + "s";
    }
}
