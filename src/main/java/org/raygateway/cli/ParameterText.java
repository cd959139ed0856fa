package org.raygateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.List;

/** Reads parameters as people type them: {@code iterations=1000 market.rate=0.05 label=first levels=[90,95]}. */
final class ParameterText {
    private static final ObjectReader JSON = Json.MAPPER
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private ParameterText() {}

    static ObjectNode empty() {
        return Json.MAPPER.createObjectNode();
    }

    /** @throws IllegalArgumentException where the bytes are anything but one JSON object */
    static ObjectNode object(byte[] bytes) throws IOException {
        try {
            if (JSON.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(
                    "--parameters must hold a JSON object, but is not JSON: " + malformed.getOriginalMessage(),
                    malformed);
        }
        throw new IllegalArgumentException("--parameters must hold a JSON object, such as {\"iterations\": 1000}");
    }

    /**
     * Sets each {@code key=value} in the object, later ones over earlier ones.
     *
     * @throws IllegalArgumentException saying which argument is wrong and what was expected
     */
    static ObjectNode assign(ObjectNode target, List<String> assignments) {
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "expected KEY=VALUE such as iterations=1000, got `" + assignment + "`");
            }
            set(target, assignment.substring(0, equals), value(assignment.substring(equals + 1)), assignment);
        }
        return target;
    }

    private static void set(ObjectNode target, String key, JsonNode value, String assignment) {
        String[] path = key.split("\\.", -1);
        ObjectNode parent = target;
        for (int i = 0; i < path.length; i++) {
            if (path[i].isEmpty()) {
                throw new IllegalArgumentException(
                        "expected names between the dots, as in a.b=1, got `" + assignment + "`");
            }
            if (i < path.length - 1) {
                parent = child(parent, path[i], assignment);
            }
        }
        parent.set(path[path.length - 1], value);
    }

    private static ObjectNode child(ObjectNode parent, String name, String assignment) {
        JsonNode existing = parent.get(name);
        if (existing == null) {
            return parent.putObject(name);
        }
        if (existing instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException(
                "`" + assignment + "` sets a member of `" + name + "`, which already has a value of its own");
    }

    private static JsonNode value(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node == null || node.isMissingNode() ? TextNode.valueOf(text) : node;
        } catch (JsonProcessingException notJson) {
            return TextNode.valueOf(text);
        }
    }
}
