package org.raygateway.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/**
 * An entry of the catalogue: what callers may run, and what Ray needs to know to run it.
 *
 * @param name the {@code simulation_type} callers send
 * @param title one line for people
 * @param description a paragraph for people
 * @param entryPoint Java: a class name; Python: {@code module:Class}
 * @param timeout longest time for one attempt
 * @param grace time between asking an execution to stop and ending it by force
 * @param attempts most executions of one job, the first counted
 * @param parametersSchema JSON Schema 2020-12 of the parameters; not to be changed
 * @param example parameters that fit the schema; not to be changed
 * @param compiled the schema, ready to check with
 */
public record Computation(
        String name,
        String title,
        String description,
        Language language,
        String entryPoint,
        Isolation isolation,
        Resources resources,
        Duration timeout,
        Duration grace,
        int attempts,
        JsonNode parametersSchema,
        JsonNode example,
        ParametersSchema compiled) {

    /** Checks a job's parameters and fills in defaults. Safe for use by many threads; does not change what it is given. */
    public ParametersCheck check(ObjectNode parameters) {
        return compiled.check(parameters);
    }
}
