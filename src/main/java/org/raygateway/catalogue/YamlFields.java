package org.raygateway.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The keys of one object in a file: reads them by name and notes what is missing, wrong or left over. */
final class YamlFields {
    private static final int SHOWN_CHARACTERS = 60;

    private final ObjectNode object;
    private final String file;
    private final String prefix;
    private final List<String> errors;
    private final Set<String> known = new TreeSet<>();

    YamlFields(ObjectNode object, String file, String prefix, List<String> errors) {
        this.object = object;
        this.file = file;
        this.prefix = prefix;
        this.errors = errors;
    }

    YamlFields inside(ObjectNode inner, String innerPrefix) {
        return new YamlFields(inner, file, innerPrefix, errors);
    }

    /**
     * Reads a key.
     *
     * @param fallback what its absence means; null where it must be there
     * @param expected what it must be, for the error
     * @param reader null for a value that will not do
     * @return {@code fallback} where the key is missing or wrong; the latter is noted as an error
     */
    <T> T read(String key, T fallback, String expected, Function<JsonNode, T> reader) {
        known.add(key);
        JsonNode node = object.get(key);
        T value = node == null ? fallback : reader.apply(node);
        if (value != null) {
            return value;
        }
        errors.add(file + ": `" + prefix + key + "` must be " + expected + ", got " + show(node));
        return fallback;
    }

    /** To be called when every known key has been read. */
    void refuseOthers() {
        object.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                errors.add(file + ": `" + prefix + key + "` is not a known key; known are " + String.join(", ", known));
            }
        });
    }

    static String show(JsonNode node) {
        if (node == null || node.isMissingNode() || node.isNull()) {
            return "nothing";
        }
        String text = node.toString();
        return text.length() <= SHOWN_CHARACTERS ? text : text.substring(0, SHOWN_CHARACTERS) + "...";
    }
}
