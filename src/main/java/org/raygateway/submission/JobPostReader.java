package org.raygateway.submission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;

/** Reads the body of a job post. What is no JSON gets a 400, what is JSON of another shape a 422. */
final class JobPostReader {
    private static final String EXAMPLE =
            "{\"simulation_type\": \"monte_carlo\", \"parameters\": {\"iterations\": 10000}}";
    private static final String TYPE = "simulation_type";
    private static final String PARAMETERS = "parameters";
    private static final int MAX_NUMBER_LENGTH = 100;

    private final ObjectMapper json;
    private final int maxDepth;

    JobPostReader(int maxDepth) {
        this.maxDepth = maxDepth;
        this.json = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(maxDepth)
                                .maxNumberLength(MAX_NUMBER_LENGTH)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    JobPost read(byte[] body) {
        JsonNode post = parse(body);
        if (!post.isObject()) {
            throw malformed("Expected a JSON object such as " + EXAMPLE + ", got " + kind(post) + ".");
        }
        List<Map<String, String>> errors = new ArrayList<>();
        for (Iterator<String> names = post.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals(TYPE) && !name.equals(PARAMETERS)) {
                errors.add(error("", "unknown member; expected `" + TYPE + "` and `" + PARAMETERS + "` only"));
                break;
            }
        }
        JsonNode type = post.path(TYPE);
        if (!type.isTextual() || type.asText().isBlank()) {
            errors.add(error("/" + TYPE, "must be the name of a computation, got " + kind(type)));
        }
        JsonNode parameters = post.path(PARAMETERS);
        if (!parameters.isObject() && !parameters.isMissingNode()) {
            errors.add(error("/" + PARAMETERS, "must be an object, got " + kind(parameters)));
        }
        if (!errors.isEmpty()) {
            throw new ProblemException(
                    Problem.of(422, "Invalid job", "The job is not of the expected shape, such as " + EXAMPLE + ".")
                            .with("errors", errors));
        }
        return new JobPost(type.asText(), parameters.isObject() ? (ObjectNode) parameters : json.createObjectNode());
    }

    private JsonNode parse(byte[] body) {
        if (body == null || body.length == 0) {
            throw malformed("Expected a JSON object such as " + EXAMPLE + ", got an empty body.");
        }
        try {
            JsonNode post = json.readTree(body);
            if (post == null || post.isMissingNode()) {
                throw malformed("Expected a JSON object such as " + EXAMPLE + ", got an empty body.");
            }
            return post;
        } catch (StreamConstraintsException beyondLimit) {
            throw malformed("The JSON is nested deeper than " + maxDepth + " levels or holds a number of more than "
                    + MAX_NUMBER_LENGTH + " digits.");
        } catch (JsonProcessingException noJson) {
            throw malformed(
                    "The body is not valid JSON" + place(noJson) + ". Expected an object such as " + EXAMPLE + ".");
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    private static String place(JsonProcessingException noJson) {
        return noJson.getLocation() == null
                ? ""
                : " at line " + noJson.getLocation().getLineNr() + ", column "
                        + noJson.getLocation().getColumnNr();
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(Problem.of(400, "Malformed request", detail));
    }

    private static Map<String, String> error(String pointer, String message) {
        return Map.of("pointer", pointer, "message", message);
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case MISSING -> "nothing";
            case NULL -> "null";
            case STRING -> node.asText().isBlank() ? "an empty string" : "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case ARRAY -> "an array";
            default -> "an object";
        };
    }
}
