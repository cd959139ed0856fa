package org.raygateway.dispatch;

import org.apache.camel.Exchange;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.store.Submission;

/** Refuses posts of a computation of which too many jobs wait: those of others are accepted meanwhile. */
public final class LaneLimit {
    private final Lanes lanes;
    private final long maxWaiting;

    public LaneLimit(Lanes lanes, DispatchSettings settings) {
        this.lanes = lanes;
        this.maxWaiting = settings.maxWaiting();
    }

    /** Route step: lets a {@link Submission} pass, or refuses it with a 503. */
    public void admit(Exchange exchange) {
        String computation =
                exchange.getMessage().getBody(Submission.class).job().simulationType();
        if (lanes.waiting(computation) >= maxWaiting) {
            throw new ProblemException(Problem.of(
                            503,
                            "Too many jobs wait",
                            maxWaiting + " jobs of " + computation + " wait to be started; try again later.")
                    .withHeader("Retry-After", "10"));
        }
    }
}
