package org.raygateway.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * The JSON of a problem (RFC 9457). The type is {@code about:blank}: the HTTP status and the title say what kind it is. Headers
 * are not part of it.
 */
public final class ProblemJson {
    /** Media type of the body. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> STANDARD = Set.of("type", "title", "status", "detail", "instance");

    private ProblemJson() {}

    /**
     * Writes one line of JSON.
     *
     * @throws IllegalArgumentException where an extension has the name of a standard member, or a value that has no JSON form
     */
    public static String write(Problem problem) {
        ObjectNode json = JSON.createObjectNode();
        json.put("type", "about:blank");
        json.put("title", problem.title());
        json.put("status", problem.status());
        if (problem.detail() != null) {
            json.put("detail", problem.detail());
        }
        for (Map.Entry<String, Object> extension : problem.extensions().entrySet()) {
            if (STANDARD.contains(extension.getKey())) {
                throw new IllegalArgumentException("an extension must not be named `" + extension.getKey() + "`");
            }
            json.set(extension.getKey(), JSON.valueToTree(extension.getValue()));
        }
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
