package org.raygateway.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one status message member by member. Anybody who may write to the topic may have written it, so each member is held
 * against its bounds before anything is made of it. What is refused is never quoted.
 */
final class StatusEventReader {
    private static final int MAX_CHARACTERS = StatusEvent.MAX_RESULT_BYTES + 100_000;
    private static final int MAX_DEPTH = 1000;
    private static final int MAX_DIGITS = 1000;
    private static final int LONGEST_LONG = 18;

    /** The store keeps nanoseconds since 1970 in 64 bits, which end in April 2262. */
    private static final Instant LAST_TIME = Instant.parse("2262-01-01T00:00:00Z");

    // Names are a stranger's: a table of them would grow with each message.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_DIGITS)
                    .build())
            .build();

    private record Value(JsonToken token, String text) {}

    private final Map<String, Value> members = new HashMap<>();
    private String result;

    private StatusEventReader() {}

    static StatusEvent read(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw refused("a status message must have at most " + MAX_CHARACTERS + " characters, got " + text.length());
        }
        StatusEventReader reader = new StatusEventReader();
        reader.parse(text);
        return reader.event();
    }

    private void parse(String text) {
        try (JsonParser json = FACTORY.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw refused("a status message must be a JSON object");
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                member(json);
            }
            if (json.nextToken() != null) {
                throw refused("a status message must be one JSON object with nothing after it");
            }
        } catch (JsonProcessingException malformed) {
            // No cause: it quotes what came.
            throw refused("a status message must be JSON without repeated members, nested at most " + MAX_DEPTH
                    + " levels deep, its numbers of at most " + MAX_DIGITS + " digits");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void member(JsonParser json) throws IOException {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        switch (name) {
            case "result" -> result = CompactJson.copy(json);
            case "job_id", "status", "progress", "attempt", "sequence", "message", "occurred_at" -> {
                members.put(name, new Value(token, token.isScalarValue() ? json.getText() : null));
                json.skipChildren();
            }
            default -> json.skipChildren();
        }
    }

    private StatusEvent event() {
        JobStatus status = status();
        return new StatusEvent(
                JobId.parse(string("job_id")).orElseThrow(() -> refused("`job_id` must be a UUID")),
                status,
                progress(status),
                (int) whole("attempt", EventPosition.MAX_ATTEMPT),
                whole("sequence", lastSequence(status)),
                message(),
                status == JobStatus.COMPLETED ? result() : null,
                occurredAt());
    }

    /** SUBMITTED and DISPATCHED are the gateway's own to say: a job set back to them would be looked after by nobody. */
    private JobStatus status() {
        String name = string("status").toUpperCase(Locale.ROOT);
        return switch (name) {
            case "RUNNING", "COMPLETED", "FAILED", "CANCELLED" -> JobStatus.valueOf(name);
            default -> throw refused("`status` must be RUNNING, COMPLETED, FAILED or CANCELLED");
        };
    }

    /** The last word is said on behalf of an actor that cannot: one that runs or has a result speaks for itself. */
    private static long lastSequence(JobStatus status) {
        return status == JobStatus.FAILED || status == JobStatus.CANCELLED
                ? StatusEvent.LAST_WORD
                : StatusEvent.LAST_WORD - 1;
    }

    private int progress(JobStatus status) {
        Value value = members.get("progress");
        if (value == null || !value.token.isNumeric()) {
            throw refused("`progress` must be a number");
        }
        double percent = Double.parseDouble(value.text);
        return switch (status) {
            case COMPLETED -> exactly(100, percent, status);
            case FAILED, CANCELLED -> exactly(StatusEvent.NO_PROGRESS, percent, status);
            default -> {
                if (!(percent >= 0 && percent < 100)) {
                    throw refused("`progress` of a " + status + " job must lie in 0..99");
                }
                yield (int) percent;
            }
        };
    }

    private static int exactly(int expected, double percent, JobStatus status) {
        if (percent != expected) {
            throw refused("`progress` of a " + status + " job must be " + expected);
        }
        return expected;
    }

    private long whole(String name, long maximum) {
        Value value = members.get(name);
        if (value == null || value.token != JsonToken.VALUE_NUMBER_INT || value.text.length() > LONGEST_LONG) {
            throw refused("`" + name + "` must be a whole number in 1.." + maximum);
        }
        long number = Long.parseLong(value.text);
        if (number < 1 || number > maximum) {
            throw refused("`" + name + "` must be a whole number in 1.." + maximum + ", got " + number);
        }
        return number;
    }

    private String message() {
        Value value = members.get("message");
        if (value == null || value.token == JsonToken.VALUE_NULL) {
            return null;
        }
        String text = string("message");
        if (text.codePointCount(0, text.length()) > StatusEvent.MAX_MESSAGE) {
            throw refused("`message` must have at most " + StatusEvent.MAX_MESSAGE + " characters");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw refused("`message` must be one line without control characters");
        }
        return text;
    }

    private String result() {
        if (result != null && result.length() * 3L > StatusEvent.MAX_RESULT_BYTES) {
            int bytes = result.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > StatusEvent.MAX_RESULT_BYTES) {
                throw refused("`result` must have at most " + StatusEvent.MAX_RESULT_BYTES + " bytes, got " + bytes);
            }
        }
        return result;
    }

    private Instant occurredAt() {
        try {
            Instant time = Instant.parse(string("occurred_at"));
            if (!time.isBefore(Instant.EPOCH) && time.isBefore(LAST_TIME)) {
                return time;
            }
        } catch (DateTimeParseException malformed) {
            // told below, together with the bounds
        }
        throw refused("`occurred_at` must be an RFC 3339 time in UTC of the years 1970 to 2261");
    }

    private String string(String name) {
        Value value = members.get(name);
        if (value == null || value.token != JsonToken.VALUE_STRING) {
            throw refused("`" + name + "` must be a string");
        }
        return value.text;
    }

    private static IllegalArgumentException refused(String reason) {
        return new IllegalArgumentException(reason);
    }
}
