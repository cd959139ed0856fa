package org.raygateway.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.ValidationMessage;
import java.util.List;
import java.util.Set;

/** A computation's parameter schema, compiled once. Safe for use by many threads. */
public final class ParametersSchema {
    /** Most errors told at once. */
    public static final int MAX_ERRORS = 20;

    /** Beyond it only the first error is looked for: each costs memory, and a caller chooses how many there are. */
    private static final int MAX_NODES_FOR_ALL_ERRORS = 1_000;

    private final JsonSchema schema;
    private final SchemaDefaults defaults;

    private ParametersSchema(JsonSchema schema, SchemaDefaults defaults) {
        this.schema = schema;
        this.defaults = defaults;
    }

    /** Null, with the reasons added to {@code errors}, where the schema is not sound. */
    static ParametersSchema compile(ObjectNode schema, String file, List<String> errors) {
        int before = errors.size();
        JsonSchema compiled = SchemaCompiler.compile(schema, file, errors);
        return errors.size() == before ? new ParametersSchema(compiled, new SchemaDefaults(schema)) : null;
    }

    ParametersCheck check(ObjectNode given) {
        ObjectNode parameters = given.deepCopy();
        defaults.fill(parameters);
        if (schema.validate(parameters, OutputFormat.BOOLEAN)) {
            return new ParametersCheck.Accepted(parameters);
        }
        boolean small = countNodes(parameters, 0) <= MAX_NODES_FOR_ALL_ERRORS;
        Set<ValidationMessage> messages =
                schema.validate(parameters, (ExecutionContext context) -> context.getExecutionConfig()
                        .setFailFast(!small));
        return new ParametersCheck.Refused(messages.stream()
                .limit(MAX_ERRORS)
                .map(ParameterErrors::describe)
                .toList());
    }

    private static int countNodes(JsonNode node, int before) {
        int count = before + 1;
        for (JsonNode child : node) {
            if (count > MAX_NODES_FOR_ALL_ERRORS) {
                return count;
            }
            count = countNodes(child, count);
        }
        return count;
    }
}
