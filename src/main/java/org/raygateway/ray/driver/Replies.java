package org.raygateway.ray.driver;

import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitReply.Outcome;

/** The answers to a submit. */
final class Replies {
    static final SubmitReply STARTED = reply(Outcome.STARTED, "");

    private Replies() {}

    static SubmitReply alreadyStarted(int attempt) {
        return reply(Outcome.ALREADY_STARTED, "attempt " + attempt + " was started before");
    }

    static SubmitReply busy(String reason) {
        return reply(Outcome.BUSY, reason);
    }

    static SubmitReply rejected(String reason) {
        return reply(Outcome.REJECTED, reason);
    }

    /** What the second submit of one execution is told, once the first has its answer. */
    static SubmitReply repeated(SubmitReply first, int attempt) {
        return first.getOutcome() == Outcome.STARTED ? alreadyStarted(attempt) : first;
    }

    private static SubmitReply reply(Outcome outcome, String reason) {
        return SubmitReply.newBuilder().setOutcome(outcome).setReason(reason).build();
    }
}
