package org.raygateway.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Compiles a parameter schema (JSON Schema 2020-12) and finds what is wrong with it before a job does. Loads nothing from elsewhere. */
final class SchemaCompiler {
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ENGLISH)
            .build();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.add(DisallowSchemaLoader.getInstance())));
    /**
     * The dialect's own schema (it comes from the validator's jar) refuses no keyword it does not know, so a misspelt one would
     * check nothing. This one does, at every level; only {@code x-...} is free.
     */
    private static final JsonSchema META_SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(
                    """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "$id": "urn:ray-gateway:schema-of-parameters",
              "$dynamicAnchor": "meta",
              "$ref": "https://json-schema.org/draft/2020-12/schema",
              "patternProperties": {"^x-": true},
              "unevaluatedProperties": false
            }""",
                    CONFIG);

    private static final Set<String> KEYWORDS =
            JsonMetaSchema.getV202012().getKeywords().keySet();

    private final ObjectNode source;
    private final String file;
    private final List<String> errors;

    private SchemaCompiler(ObjectNode source, String file, List<String> errors) {
        this.source = source;
        this.file = file;
        this.errors = errors;
    }

    static JsonSchema compile(ObjectNode source, String file, List<String> errors) {
        return new SchemaCompiler(source, file, errors).compile();
    }

    private JsonSchema compile() {
        int before = errors.size();
        if (!"object".equals(source.path("type").asText())) {
            error("/type", "must be \"object\", got " + YamlFields.show(source.get("type")));
        }
        if (source.has("$schema")
                && !SchemaId.V202012.equals(source.get("$schema").asText())) {
            error("/$schema", "must be " + SchemaId.V202012 + ", got " + YamlFields.show(source.get("$schema")));
        }
        refuseReferencesElsewhere(source, "");
        META_SCHEMA.validate(source).forEach(this::metaSchemaError);
        if (errors.size() > before) {
            return null;
        }
        try {
            JsonSchema schema = FACTORY.getSchema(source, CONFIG);
            schema.initializeValidators();
            refuseDefaultsThatDoNotFit(schema, source, new JsonNodePath(PathType.JSON_POINTER));
            return schema;
        } catch (JsonSchemaException | IllegalArgumentException unsound) {
            error("", "must be a sound schema: " + unsound.getMessage().replaceAll("\\R", " "));
            return null;
        }
    }

    private void refuseReferencesElsewhere(JsonNode node, String pointer) {
        for (String keyword : List.of("$ref", "$dynamicRef")) {
            JsonNode reference = node.path(keyword);
            if (reference.isTextual() && !reference.asText().startsWith("#")) {
                error(
                        pointer + "/" + keyword,
                        "must refer to this schema itself (#...), got " + YamlFields.show(reference));
            }
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            refuseReferencesElsewhere(member.getValue(), pointer + "/" + member.getKey());
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                refuseReferencesElsewhere(node.get(i), pointer + "/" + i);
            }
        }
    }

    private void refuseDefaultsThatDoNotFit(JsonSchema schema, JsonNode node, JsonNodePath path) {
        for (Map.Entry<String, JsonNode> property : node.path("properties").properties()) {
            refuseDefaultThatDoesNotFit(
                    schema, property.getValue(), path.append("properties").append(property.getKey()));
        }
        if (node.path("items").isObject()) {
            refuseDefaultsThatDoNotFit(schema, node.get("items"), path.append("items"));
        }
        for (Map.Entry<String, JsonNode> definition : node.path("$defs").properties()) {
            refuseDefaultThatDoesNotFit(
                    schema, definition.getValue(), path.append("$defs").append(definition.getKey()));
        }
    }

    private void refuseDefaultThatDoesNotFit(JsonSchema schema, JsonNode node, JsonNodePath path) {
        if (node.has("default")) {
            JsonNode filled = new SchemaDefaults(source).filled(node);
            for (ValidationMessage message : schema.getSubSchema(path).validate(filled)) {
                ParameterError error = ParameterErrors.describe(message);
                error(path + "/default" + error.pointer(), error.message());
            }
        }
        refuseDefaultsThatDoNotFit(schema, node, path);
    }

    /** Whatever holds something wrong counts as unknown too; those keywords the dialect does know. */
    private void metaSchemaError(ValidationMessage message) {
        ParameterError error = ParameterErrors.describe(message);
        if (!"unevaluatedProperties".equals(message.getType())) {
            error(error.pointer(), error.message());
        } else if (!KEYWORDS.contains(message.getProperty())) {
            error(error.pointer(), "is not a keyword of JSON Schema 2020-12");
        }
    }

    private void error(String pointer, String message) {
        errors.add(file + ": `parameters" + pointer + "` " + message);
    }
}
