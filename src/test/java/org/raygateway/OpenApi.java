package org.raygateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The API's description, for tests that compare the server with it. */
record OpenApi(JsonNode document) {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");

    static OpenApi load() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/openapi.yaml")) {
            return new OpenApi(new YAMLMapper().readTree(in));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        document.get("paths").fieldNames().forEachRemaining(paths::add);
        return paths;
    }

    Set<String> methods(String path) {
        Set<String> methods = new TreeSet<>();
        document.get("paths").get(path).fieldNames().forEachRemaining(name -> {
            if (METHODS.contains(name)) {
                methods.add(name.toUpperCase(Locale.ROOT));
            }
        });
        return methods;
    }

    /** @return operation ids by method and path */
    Map<String, String> operations() {
        Map<String, String> operations = new TreeMap<>();
        for (String path : paths()) {
            for (String method : methods(path)) {
                operations.put(
                        method + " " + path,
                        operation(path, method).get("operationId").asText());
            }
        }
        return operations;
    }

    private JsonNode operation(String path, String method) {
        return document.get("paths").get(path).get(method.toLowerCase(Locale.ROOT));
    }

    /** @return a reference into the document */
    String responseSchema(String operationId, int status, String contentType) {
        String place = operations().entrySet().stream()
                .filter(entry -> entry.getValue().equals(operationId))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no operation " + operationId));
        String[] parts = place.split(" ");
        String pointer =
                "/paths/" + escape(parts[1]) + "/" + parts[0].toLowerCase(Locale.ROOT) + "/responses/" + status;
        JsonNode response = document.at(pointer);
        if (response.has("$ref")) {
            pointer = response.get("$ref").asText().substring(1);
        }
        pointer += "/content/" + escape(contentType) + "/schema";
        if (document.at(pointer).isMissingNode()) {
            throw new AssertionError(operationId + " is not described to answer " + status + " as " + contentType);
        }
        return "#" + pointer;
    }

    private static String escape(String segment) {
        return segment.replace("~", "~0").replace("/", "~1");
    }

    /**
     * @param reference of a schema in the document
     * @return what is wrong with the value
     */
    Set<ValidationMessage> validate(String reference, JsonNode value) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$ref", reference.replace("{", "%7B").replace("}", "%7D"));
        schema.set("components", document.get("components"));
        schema.set("paths", document.get("paths"));
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(
                        schema,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build())
                .validate(value);
    }
}
