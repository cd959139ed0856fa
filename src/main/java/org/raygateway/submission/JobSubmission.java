package org.raygateway.submission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.raygateway.access.Caller;
import org.raygateway.catalogue.Catalogue;
import org.raygateway.catalogue.Computation;
import org.raygateway.catalogue.ParameterError;
import org.raygateway.catalogue.ParametersCheck;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.store.Submission;

/** Turns a posted body into a job: checks it against the catalogue and adds id, time, requester, trace and defaults. */
public final class JobSubmission {
    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final Catalogue catalogue;
    private final JobPostReader reader;

    public JobSubmission(Catalogue catalogue, SubmissionSettings settings) {
        this.catalogue = catalogue;
        this.reader = new JobPostReader(settings.maxJsonDepth());
    }

    /** Replaces a body of JSON bytes with the {@link Submission} it stands for. */
    public void validate(Exchange exchange) {
        Message message = exchange.getMessage();
        String key = idempotencyKey(message);
        JobPost post = reader.read(message.getBody(byte[].class));
        ObjectNode parameters = check(post);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Job job = new Job(
                JobId.next(),
                post.simulationType(),
                parameters.toString(),
                JobStatus.SUBMITTED,
                0,
                0,
                0,
                Caller.ANONYMOUS.name(),
                TraceContext.continued(message.getHeader("traceparent", String.class)),
                now,
                now,
                null,
                false);
        message.setBody(new Submission(job, key, key == null ? null : RequestHash.of(post)));
    }

    private ObjectNode check(JobPost post) {
        Computation computation = catalogue
                .find(post.simulationType())
                .orElseThrow(() -> new ProblemException(Problem.of(
                                422,
                                "Unknown simulation type",
                                "`simulation_type` must name a computation of the catalogue; GET /computations lists them.")
                        .with(
                                "known",
                                catalogue.all().stream().map(Computation::name).toList())));
        ParametersCheck check = computation.check(post.parameters());
        if (check instanceof ParametersCheck.Refused refused) {
            throw new ProblemException(Problem.of(
                            422,
                            "Invalid parameters",
                            refused.errors().stream()
                                            .map(ParameterError::toString)
                                            .collect(Collectors.joining("; ")) + ". GET /computations/"
                                    + computation.name() + " shows the schema and an example.")
                    .with("errors", refused.errors()));
        }
        return ((ParametersCheck.Accepted) check).parameters();
    }

    private static String idempotencyKey(Message message) {
        String key = message.getHeader("Idempotency-Key", String.class);
        if (key == null) {
            return null;
        }
        if (!IDEMPOTENCY_KEY.matcher(key).matches()) {
            throw new ProblemException(Problem.of(
                    400,
                    "Malformed Idempotency-Key",
                    "`Idempotency-Key` must be 1 to 255 visible ASCII characters, got " + key.length()
                            + " characters."));
        }
        return key;
    }
}
