package org.raygateway.submission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.raygateway.job.Job;
import org.raygateway.servicebus.OutgoingMessage;

/**
 * A job as it lies in the queue: {@code {"job_id", "simulation_type", "parameters", "requester", "submitted_at"}}, message-id
 * and correlation-id the job's id, {@code traceparent} in the application properties.
 */
public final class JobMessage {
    private static final JsonFactory FACTORY = new ObjectMapper().getFactory();

    private JobMessage() {}

    public static OutgoingMessage of(Job job) {
        String id = job.id().toString();
        return new OutgoingMessage(id, id, body(job), Map.of("traceparent", job.traceparent()));
    }

    private static byte[] body(Job job) {
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(256 + job.parameters().length());
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("job_id", job.id().toString());
            json.writeStringField("simulation_type", job.simulationType());
            json.writeFieldName("parameters");
            json.writeRawValue(job.parameters());
            json.writeStringField("requester", job.requester());
            json.writeStringField("submitted_at", job.submittedAt().toString());
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
