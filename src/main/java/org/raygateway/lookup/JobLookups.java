package org.raygateway.lookup;

import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.store.JobStore;

/** Answers questions about jobs from the store. Header {@code id} names a job. */
public final class JobLookups {
    private final JobStore store;
    private final Function<Job, Optional<String>> whyWaits;
    private final int maxPageSize;

    /** @param whyWaits what keeps a job from starting, where something does */
    public JobLookups(JobStore store, Function<Job, Optional<String>> whyWaits, int maxPageSize) {
        this.store = store;
        this.whyWaits = whyWaits;
        this.maxPageSize = maxPageSize;
    }

    /** Route step of get-job. */
    public void get(Exchange exchange) {
        Job job = find(exchange.getMessage());
        answer(exchange.getMessage(), JobJson.of(job, whyWaits));
    }

    /** Route step of get-job-result. */
    public void result(Exchange exchange) {
        Job job = find(exchange.getMessage());
        String result =
                job.status() == JobStatus.COMPLETED ? store.result(job.id()).orElse(null) : null;
        if (result == null) {
            throw new ProblemException(Problem.of(
                            409,
                            "No result",
                            "Only a COMPLETED job has a result; this one is " + job.status() + "."
                                    + (job.status().isTerminal() ? "" : " Follow /jobs/" + job.id() + "/events."))
                    .with("job_status", job.status().name()));
        }
        answer(exchange.getMessage(), JobJson.result(job, result));
    }

    /** Route step of list-jobs. */
    public void list(Exchange exchange) {
        Message message = exchange.getMessage();
        var query = JobQueryReader.read(message.getHeader(Exchange.HTTP_RAW_QUERY, String.class), maxPageSize);
        answer(message, JobJson.of(store.list(query), whyWaits));
    }

    private Job find(Message message) {
        JobId id = JobId.parse(message.getHeader("id", String.class))
                .orElseThrow(() -> new ProblemException(
                        Problem.of(400, "Malformed job id", "A job id is a UUID of 36 characters.")));
        return store.find(id)
                .orElseThrow(() -> new ProblemException(Problem.of(404, "No such job", "There is no job " + id + ".")));
    }

    static void answer(Message message, String json) {
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setBody(json);
    }
}
