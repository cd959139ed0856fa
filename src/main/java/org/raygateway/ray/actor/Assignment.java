package org.raygateway.ray.actor;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import org.raygateway.job.JobId;
import org.raygateway.job.StatusEvent;
import org.raygateway.ray.publish.StatusMessage;

/**
 * One execution, as an actor is told of it. It travels as JSON text, which Java and Python actors read alike.
 *
 * @param job UUID of the job
 * @param attempt number of the dispatch
 * @param timeoutMs time the computation may take
 * @param graceMs time between asking it to stop and ending it by force
 * @param progressMs least time between two progress events
 * @param traceparent W3C trace context, or empty
 */
public record Assignment(
        @JsonProperty("job_id") String job,
        @JsonProperty("attempt") int attempt,
        @JsonProperty("timeout_ms") long timeoutMs,
        @JsonProperty("grace_ms") long graceMs,
        @JsonProperty("progress_ms") long progressMs,
        @JsonProperty("traceparent") String traceparent) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public JobId jobId() {
        return JobId.of(job);
    }

    public Duration timeout() {
        return Duration.ofMillis(timeoutMs);
    }

    public Duration grace() {
        return Duration.ofMillis(graceMs);
    }

    /** After so long the driver ends the execution with a word of its own. */
    public Duration mostTime() {
        return timeout().plus(grace());
    }

    /** What is said of this execution, with the trace it belongs to. */
    public StatusMessage message(StatusEvent event) {
        return new StatusMessage(event, traceparent == null ? "" : traceparent);
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** @throws IllegalArgumentException where the text is not what {@link #toJson()} writes */
    public static Assignment parse(String json) {
        try {
            return JSON.readValue(json, Assignment.class);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("an assignment must be JSON as the driver writes it", malformed);
        }
    }
}
