package org.raygateway.submission;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.raygateway.job.Job;

/** The 202 to an accepted job. */
public final class JobAnswers {
    /** Replaces a body of {@link Job} with the answer; the same job always gets the same answer. */
    public void accepted(Exchange exchange) {
        Job job = exchange.getMessage().getBody(Job.class);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setHeader("Location", "/jobs/" + job.id());
        String answer = "{\"job_id\":\"" + job.id()
                + "\",\"status\":\"SUBMITTED\",\"message\":\"Job has been accepted and is pending execution.\"}";
        message.setBody(answer);
    }
}
