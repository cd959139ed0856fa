package org.raygateway.ray.actor;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * How far a dedicated actor is with its one job, as it tells a driver that did not start it. JSON text, the same from Java and
 * Python actors.
 *
 * @param assignment the actor's {@link Assignment} as JSON
 * @param elapsedMs time since its execution began; negative where it has not begun
 * @param ended whether it has ended
 * @param terminal what {@code run_simulation} returned; empty before
 */
public record Situation(
        @JsonProperty("assignment") String assignment,
        @JsonProperty("elapsed_ms") long elapsedMs,
        @JsonProperty("ended") boolean ended,
        @JsonProperty("terminal") String terminal) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws IllegalArgumentException where the text is not what an actor writes */
    public static Situation parse(String json) {
        try {
            return JSON.readValue(json, Situation.class);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("an actor's situation must be JSON as actors write it", malformed);
        }
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public boolean began() {
        return elapsedMs >= 0;
    }
}
