package org.raygateway.submission;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.raygateway.logging.Outage;
import org.raygateway.problem.Problem;
import org.raygateway.store.StoreException;
import org.raygateway.store.Submission;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What is known of why jobs cannot be made durable just now. After a refusal others are refused alike for a second without
 * another try: each try costs two commits and leaves a withdrawn row behind, which a full disk or queue has no use for. A post with an
 * idempotency key is always tried, since its answer may be settled already.
 */
final class Refusals {
    private static final long HOLD = Duration.ofSeconds(1).toNanos();

    private final Outage outage = new Outage(LoggerFactory.getLogger(JobAcceptance.class), Level.WARN);
    private final BooleanSupplier isQueueDown;
    private volatile Refusal last;

    private record Refusal(Problem problem, long until) {}

    Refusals(BooleanSupplier isQueueDown) {
        this.isQueueDown = isQueueDown;
    }

    /** The answer to a post that need not be tried, or null. */
    Problem known(Submission submission) {
        if (submission.idempotencyKey() != null) {
            return null;
        }
        Refusal refusal = last;
        if (refusal != null && System.nanoTime() - refusal.until < 0) {
            return refusal.problem;
        }
        return isQueueDown.getAsBoolean() ? JobAcceptance.messagingDown() : null;
    }

    void because(String what, RuntimeException failure, Problem problem) {
        outage.failed("Jobs are refused: " + what + ": " + rootOf(failure).getMessage());
        if (!(rootOf(failure) instanceof IllegalArgumentException)) {
            // That one would be the fault of a single job.
            last = new Refusal(problem, System.nanoTime() + HOLD);
        }
    }

    /** A mistake of ours in all likelihood: the log gets the whole of it. */
    void unexpected(RuntimeException failure) {
        outage.failed("Jobs are refused", failure);
    }

    void over() {
        last = null;
        outage.over("Jobs are accepted again");
    }

    /** The store's own words say what to do, those of its causes do not. */
    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && !(root instanceof StoreException)) {
            root = root.getCause();
        }
        return root;
    }
}
