package org.raygateway.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/**
 * The JSON of a status event, alike on the status topic and in an event stream:
 * {@code {"job_id", "status", "progress", "attempt", "sequence", "message"?, "result"?, "occurred_at"}}.
 */
public final class StatusEventJson {
    // Decimals keep every digit of a result, and numbers beyond a double's range stay numbers.
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final JsonFactory FACTORY = JSON.getFactory();

    private StatusEventJson() {}

    public static String write(StatusEvent event) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("job_id", event.jobId().toString());
            json.writeStringField("status", event.status().name());
            json.writeNumberField("progress", event.progress());
            json.writeNumberField("attempt", event.attempt());
            json.writeNumberField("sequence", event.sequence());
            if (event.message() != null) {
                json.writeStringField("message", event.message());
            }
            if (event.result() != null) {
                json.writeFieldName("result");
                json.writeRawValue(event.result());
            }
            json.writeStringField("occurred_at", event.occurredAt().toString());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /**
     * Reads a status message, checking every member.
     *
     * @throws IllegalArgumentException saying what was expected and what came; the message holds no payload
     */
    public static StatusEvent read(String text) {
        JsonNode json = parse(text);
        JobStatus status = status(string(json, "status"));
        // Beyond it lies only what ends a job: a RUNNING one there would leave no room for an ending.
        long lastSequence = status.isTerminal() ? Long.MAX_VALUE : StatusEvent.LAST_WORD - 1;
        JsonNode result = json.get("result");
        return new StatusEvent(
                JobId.parse(string(json, "job_id"))
                        .orElseThrow(() -> new IllegalArgumentException("`job_id` must be a UUID")),
                status,
                progress(status, json.get("progress")),
                Math.toIntExact(whole(json, "attempt", Integer.MAX_VALUE)),
                whole(json, "sequence", lastSequence),
                json.hasNonNull("message") ? json.get("message").asText() : null,
                status == JobStatus.COMPLETED && result != null ? result.toString() : null,
                instant(string(json, "occurred_at")));
    }

    private static JsonNode parse(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json == null || !json.isObject()) {
                throw new IllegalArgumentException("a status message must be a JSON object");
            }
            return json;
        } catch (JsonProcessingException malformed) {
            // No cause: it quotes what came.
            throw new IllegalArgumentException("a status message must be JSON");
        }
    }

    private static String string(JsonNode json, String member) {
        JsonNode value = json.get(member);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("`" + member + "` must be a string");
        }
        return value.asText();
    }

    private static long whole(JsonNode json, String member, long maximum) {
        JsonNode value = json.get(member);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("`" + member + "` must be a whole number");
        }
        long number = value.asLong();
        if (number < 0 || number > maximum) {
            throw new IllegalArgumentException("`" + member + "` must lie in 0.." + maximum + ", got " + number);
        }
        return number;
    }

    private static JobStatus status(String name) {
        try {
            return JobStatus.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException("`status` is not one of the known statuses");
        }
    }

    /** A terminal status has a fixed progress, whatever the message says; a running one must lie in 0-99. */
    private static int progress(JobStatus status, JsonNode value) {
        if (value == null || !value.isNumber()) {
            throw new IllegalArgumentException("`progress` must be a number");
        }
        return switch (status) {
            case COMPLETED -> 100;
            case FAILED, CANCELLED -> StatusEvent.NO_PROGRESS;
            default -> (int) Math.max(0, Math.min(99, value.asDouble()));
        };
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException malformed) {
            throw new IllegalArgumentException("`occurred_at` must be an RFC 3339 time in UTC");
        }
    }
}
