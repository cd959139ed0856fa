package org.raygateway.dispatch;

import java.util.List;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.StatusEvent;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.store.Cancellation;
import org.raygateway.store.JobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cancels jobs: at once where they have not started, through the driver where they have. */
public final class JobCancellation {
    private static final Logger LOG = LoggerFactory.getLogger(JobCancellation.class);

    private final JobStore store;
    private final Dispatcher dispatcher;
    private final DriverClient driver;
    private final Consumer<List<StatusEvent>> announce;

    public JobCancellation(
            JobStore store, Dispatcher dispatcher, DriverClient driver, Consumer<List<StatusEvent>> announce) {
        this.store = store;
        this.dispatcher = dispatcher;
        this.driver = driver;
        this.announce = announce;
    }

    /** Route step: header {@code id} names the job; the body becomes the answer. */
    public void cancel(Exchange exchange) {
        Message message = exchange.getMessage();
        String text = message.getHeader("id", String.class);
        JobId id = JobId.parse(text)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        400, "Malformed job id", "A job id is a UUID of 36 characters; the path holds another text.")));
        Job job = cancel(id);
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        String answer = "{\"job_id\":\"" + id + "\",\"status\":\"" + job.status()
                + "\",\"message\":\"Cancellation has been requested.\"}";
        message.setBody(answer);
    }

    private Job cancel(JobId id) {
        Cancellation cancellation = store.requestCancel(id);
        if (cancellation instanceof Cancellation.Done done) {
            announce.accept(List.of(done.event()));
            return done.job();
        }
        if (cancellation instanceof Cancellation.Requested requested) {
            if (!dispatcher.cancelInHand(id)) {
                tellDriver(id);
            }
            return requested.job();
        }
        if (cancellation instanceof Cancellation.TooLate late) {
            throw new ProblemException(Problem.of(
                    409,
                    "Job has ended",
                    "Only a job that has not ended can be cancelled; this one is "
                            + late.job().status() + "."));
        }
        throw new ProblemException(Problem.of(404, "No such job", "There is no job " + id + "."));
    }

    /** The wish is in the store: should the driver not hear it now, reconciling tells it again. */
    private void tellDriver(JobId id) {
        try {
            driver.cancel(id);
        } catch (RayUnavailableException later) {
            LOG.warn("The driver does not know yet that job {} is to be cancelled: {}", id, later.getMessage());
        }
    }
}
