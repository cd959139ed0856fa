package org.raygateway.http;

import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.problem.ProblemJson;
import org.raygateway.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a route's failure into {@code application/problem+json}. */
public final class ProblemAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswers.class);

    /** A route on the way is stopped or suspended, by an operator or because the gateway stops. */
    private static final Problem NOT_RUNNING = Problem.of(
                    503, "Service unavailable", "A part that this request needs is not running; try again later.")
            .withHeader("Retry-After", "1");

    /** Step of an {@code onException}. */
    public void answer(Exchange exchange) {
        Problem problem = of(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        problem.headers().forEach(message::setHeader);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, problem.status());
        message.setHeader(Exchange.CONTENT_TYPE, ProblemJson.MEDIA_TYPE);
        message.setBody(ProblemJson.write(problem));
    }

    /** What a caller may know of a failure; the rest goes to the log under a correlation id. */
    public static Problem of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException problem) {
                return problem.problem();
            }
            if (cause instanceof DirectConsumerNotAvailableException || cause instanceof RejectedExecutionException) {
                return NOT_RUNNING;
            }
            if (cause instanceof StoreException) {
                // The store tells the log itself, once for all requests.
                return Problem.of(503, "Service unavailable", "The job store is currently unavailable.")
                        .withHeader("Retry-After", "5");
            }
        }
        String correlationId = UUID.randomUUID().toString();
        LOG.error("Request failed, correlation id {}", correlationId, failure);
        return Problem.of(
                        500,
                        "Internal error",
                        "The gateway failed to answer. Its log tells more under the correlation id.")
                .with("correlation_id", correlationId);
    }
}
