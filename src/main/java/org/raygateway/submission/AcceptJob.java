package org.raygateway.submission;

import java.util.concurrent.TimeoutException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.raygateway.problem.ProblemException;
import org.raygateway.store.Submission;

/**
 * Route step: replaces a body of {@link Submission} with the durable {@link org.raygateway.job.Job}. Asynchronous: the thread that
 * brings the submission is free as soon as it waits for its batch, and the route goes on where the batch has ended.
 */
public final class AcceptJob extends AsyncProcessorSupport {
    private final JobAcceptance acceptance;

    public AcceptJob(JobAcceptance acceptance) {
        this.acceptance = acceptance;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Submission submission = exchange.getMessage().getBody(Submission.class);
        acceptance.accept(submission).whenComplete((job, refusal) -> {
            if (refusal == null) {
                exchange.getMessage().setBody(job);
            } else {
                exchange.setException(
                        refusal instanceof TimeoutException
                                ? new ProblemException(JobAcceptance.messagingDown())
                                : refusal);
            }
            callback.done(false);
        });
        return false;
    }
}
