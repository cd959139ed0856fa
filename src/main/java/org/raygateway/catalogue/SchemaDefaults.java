package org.raygateway.catalogue;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Fills in what a schema says of members that are missing. It follows {@code properties}, {@code items} and references within
 * the schema, since there a default means one thing only; under {@code anyOf} and its like it would depend on which branch fits.
 */
final class SchemaDefaults {
    /** Ends what a default inside a schema that refers to itself would go on with for ever. */
    private static final int MAX_DEPTH = 32;

    private final JsonNode root;

    SchemaDefaults(JsonNode root) {
        this.root = root;
    }

    void fill(ObjectNode parameters) {
        fill(root, parameters, 0);
    }

    /** A schema's own default, filled in turn. */
    JsonNode filled(JsonNode schema) {
        JsonNode value = schema.get("default").deepCopy();
        fill(schema, value, 0);
        return value;
    }

    private void fill(JsonNode schema, JsonNode value, int depth) {
        if (depth > MAX_DEPTH) {
            return;
        }
        if (schema.path("$ref").isTextual()) {
            fill(resolve(schema.get("$ref").asText()), value, depth + 1);
        }
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> property :
                    schema.path("properties").properties()) {
                fillMember(property.getValue(), object, property.getKey(), depth);
            }
        } else if (value.isArray() && schema.path("items").isObject()) {
            value.forEach(item -> fill(schema.get("items"), item, depth + 1));
        }
    }

    private void fillMember(JsonNode schema, ObjectNode object, String name, int depth) {
        JsonNode present = object.get(name);
        if (present == null && schema.has("default")) {
            present = schema.get("default").deepCopy();
            object.set(name, present);
        }
        if (present != null && present.isContainerNode()) {
            fill(schema, present, depth + 1);
        }
    }

    private JsonNode resolve(String reference) {
        boolean pointer = reference.equals("#") || reference.startsWith("#/");
        return pointer ? root.at(JsonPointer.compile(reference.substring(1))) : root.path("$missing");
    }
}
