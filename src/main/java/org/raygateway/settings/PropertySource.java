package org.raygateway.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Brings the gateway's properties together: the defaults inside the jar, an {@code application.properties} in the gateway's
 * home, environment variables, and what the command line gave; later ones win. The defaults name every {@code gateway.} key
 * there is, so any other is a misspelling, and so is any other {@code GATEWAY_} variable that is not known to be somebody else's.
 */
public final class PropertySource {
    private static final String DEFAULTS = "/application.properties";
    private static final String OWN = "gateway.";

    private PropertySource() {}

    /**
     * @param home folder that may hold an {@code application.properties}
     * @param environment such as {@link System#getenv()}
     * @param overrides from the command line
     * @throws SettingsException naming every unknown key
     */
    public static Map<String, String> load(Path home, Map<String, String> environment, Map<String, String> overrides) {
        Map<String, String> merged = new TreeMap<>(defaults());
        List<String> own =
                merged.keySet().stream().filter(key -> key.startsWith(OWN)).toList();
        List<String> errors = new ArrayList<>();
        merge(merged, file(home.resolve("application.properties")), "application.properties", own, errors);
        merged.putAll(EnvironmentLayer.read(environment, own, errors));
        merge(merged, overrides, "the command line", own, errors);
        SettingsException.throwIfAny(errors);
        return merged;
    }

    /** {@code gateway.http.max-body-bytes} is {@code GATEWAY_HTTP_MAX_BODY_BYTES}. */
    public static String environmentName(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static void merge(
            Map<String, String> merged,
            Map<String, String> layer,
            String where,
            List<String> known,
            List<String> errors) {
        layer.forEach((key, value) -> {
            if (key.startsWith(OWN) && !known.contains(key)) {
                errors.add("`" + key + "` in " + where + " is not a property of the gateway" + hint(key, known));
            } else {
                merged.put(key, value);
            }
        });
    }

    private static String hint(String key, List<String> known) {
        return Spelling.nearest(key, known)
                .map(candidate -> "; did you mean `" + candidate + "`?")
                .orElse("; application.properties lists those there are");
    }

    private static Map<String, String> defaults() {
        try (InputStream in = PropertySource.class.getResourceAsStream(DEFAULTS)) {
            Properties properties = new Properties();
            properties.load(in);
            return asMap(properties);
        } catch (IOException broken) {
            throw new SettingsException(List.of("the defaults inside the jar cannot be read: " + broken.getMessage()));
        }
    }

    private static Map<String, String> file(Path path) {
        if (!Files.isRegularFile(path)) {
            return Map.of();
        }
        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            Properties properties = new Properties();
            properties.load(reader);
            return asMap(properties);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new SettingsException(List.of("`application.properties` cannot be read: " + unreadable.getMessage()));
        }
    }

    private static Map<String, String> asMap(Properties properties) {
        Map<String, String> map = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }
}
