package org.raygateway.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * The JSON of a status event, alike on the status topic and in an event stream:
 * {@code {"job_id", "status", "progress", "attempt", "sequence", "message"?, "result"?, "occurred_at"}}.
 */
public final class StatusEventJson {
    private static final JsonFactory FACTORY = new JsonFactory();

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
     * Reads a status message as actors and the driver write it, checking every member.
     *
     * @throws IllegalArgumentException saying what was expected; the message holds no payload
     */
    public static StatusEvent read(String text) {
        return StatusEventReader.read(text);
    }
}
