package org.raygateway.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts the validator's messages into words: what was expected, what came. Long values are cut short. */
final class ParameterErrors {
    private static final int MAX_MESSAGE = 300;
    private static final int MAX_SHOWN_NAME = 100;

    /** Keywords whose value completes the sentence; the value that came is added. */
    private static final Map<String, String> WITH_VALUE = Map.ofEntries(
            Map.entry("minimum", "must be at least %s, got %s"),
            Map.entry("exclusiveMinimum", "must be greater than %s, got %s"),
            Map.entry("maximum", "must be at most %s, got %s"),
            Map.entry("exclusiveMaximum", "must be less than %s, got %s"),
            Map.entry("multipleOf", "must be a multiple of %s, got %s"),
            Map.entry("enum", "must be one of %s, got %s"),
            Map.entry("const", "must be %s, got %s"),
            Map.entry("pattern", "must match %s, got %s"),
            Map.entry("minLength", "must have at least %s characters, got %s"),
            Map.entry("maxLength", "must have at most %s characters, got %s"));

    private ParameterErrors() {}

    static ParameterError describe(ValidationMessage message) {
        String pointer = message.getInstanceLocation().toString();
        JsonNode expected = message.getSchemaNode();
        JsonNode got = message.getInstanceNode();
        String sentence = WITH_VALUE.get(message.getType());
        if (sentence != null) {
            return error(pointer, sentence.formatted(YamlFields.show(expected), YamlFields.show(got)));
        }
        return switch (message.getType()) {
            case "type" ->
                error(
                        pointer,
                        "must be %s, got %s".formatted(types(expected), got.isNull() ? "null" : YamlFields.show(got)));
            case "required" -> error(child(pointer, message.getProperty()), "is required");
            case "additionalProperties", "unevaluatedProperties" ->
                error(child(pointer, message.getProperty()), "is not a known parameter");
            case "minItems" -> error(pointer, "must have at least " + expected + " items, got " + got.size());
            case "maxItems" -> error(pointer, "must have at most " + expected + " items, got " + got.size());
            case "uniqueItems" -> error(pointer, "must not hold the same item twice");
            default -> error(pointer, message.getError());
        };
    }

    private static ParameterError error(String pointer, String message) {
        return new ParameterError(shorten(pointer, MAX_MESSAGE), shorten(message, MAX_MESSAGE));
    }

    /** The pointer to a member; {@code ~} and {@code /} are escaped (RFC 6901, section 3). */
    private static String child(String pointer, String name) {
        return pointer + "/" + shorten(name, MAX_SHOWN_NAME).replace("~", "~0").replace("/", "~1");
    }

    private static String types(JsonNode expected) {
        if (!expected.isArray()) {
            return "of type " + expected.asText();
        }
        List<String> names = new ArrayList<>();
        expected.forEach(name -> names.add(name.asText()));
        return "of type " + String.join(" or ", names);
    }

    private static String shorten(String text, int limit) {
        return text.length() <= limit ? text : text.substring(0, limit) + "...";
    }
}
