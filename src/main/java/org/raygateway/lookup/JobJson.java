package org.raygateway.lookup;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;
import org.raygateway.job.Job;
import org.raygateway.store.JobPage;

/** Jobs as callers see them. */
final class JobJson {
    private static final JsonFactory FACTORY = new ObjectMapper().getFactory();

    private JobJson() {}

    /** @param whyWaits stands for the message where a job waits to be started */
    static String of(Job job, Function<Job, Optional<String>> whyWaits) {
        return write(json -> job(json, job, whyWaits));
    }

    /** {@code {"jobs": [...], "next_cursor"?: "..."}}. */
    static String of(JobPage page, Function<Job, Optional<String>> whyWaits) {
        return write(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("jobs");
            for (Job job : page.jobs()) {
                job(json, job, whyWaits);
            }
            json.writeEndArray();
            if (page.next() != null) {
                json.writeStringField("next_cursor", page.next().toString());
            }
            json.writeEndObject();
        });
    }

    /** @param result JSON text */
    static String result(Job job, String result) {
        return write(json -> {
            json.writeStartObject();
            json.writeStringField("job_id", job.id().toString());
            json.writeStringField("status", job.status().name());
            json.writeFieldName("result");
            json.writeRawValue(result);
            json.writeEndObject();
        });
    }

    private static void job(JsonGenerator json, Job job, Function<Job, Optional<String>> whyWaits) throws IOException {
        String self = "/jobs/" + job.id();
        json.writeStartObject();
        json.writeStringField("job_id", job.id().toString());
        json.writeStringField("simulation_type", job.simulationType());
        json.writeFieldName("parameters");
        json.writeRawValue(job.parameters());
        json.writeStringField("status", job.status().name());
        json.writeNumberField("progress", job.progress());
        json.writeNumberField("attempt", job.attempt());
        json.writeNumberField("sequence", job.sequence());
        String message = whyWaits.apply(job).orElse(job.message());
        if (message != null) {
            json.writeStringField("message", message);
        }
        json.writeStringField("requester", job.requester());
        json.writeStringField("submitted_at", job.submittedAt().toString());
        json.writeStringField("updated_at", job.updatedAt().toString());
        json.writeBooleanField("cancel_requested", job.cancelRequested());
        json.writeObjectFieldStart("links");
        json.writeStringField("self", self);
        json.writeStringField("events", self + "/events");
        json.writeStringField("result", self + "/result");
        json.writeEndObject();
        json.writeEndObject();
    }

    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    private static String write(Content content) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            content.write(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }
}
