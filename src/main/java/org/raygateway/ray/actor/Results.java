package org.raygateway.ray.actor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.raygateway.ray.ComputationException;

/** Writes results, which travel inside a status message and so must fit into one. */
final class Results {
    /** A standard Service Bus message holds 256 KiB; the rest is for the message around the result. */
    static final int MOST_BYTES = 256 * 1024 - 8 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Results() {}

    /** @throws ComputationException where the result is missing, too large, or cannot be written as JSON */
    static String toJson(Map<String, Object> result) {
        if (result == null) {
            throw new ComputationException("the computation returned no result");
        }
        String json = write(result);
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new ComputationException("the result is too large: " + bytes + " bytes of JSON, at most " + MOST_BYTES
                    + " fit into a status message; ask for fewer values");
        }
        return json;
    }

    private static String write(Map<String, Object> result) {
        try {
            return JSON.writeValueAsString(result);
        } catch (JsonProcessingException unwritable) {
            throw new ComputationException("the result cannot be written as JSON");
        }
    }
}
