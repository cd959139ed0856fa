package org.raygateway.submission;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.raygateway.job.Job;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.store.Submission;

/** A job between its post and its answer. */
final class PendingJob {
    private final Submission submission;
    private final CompletableFuture<Job> decision = new CompletableFuture<>();

    PendingJob(Submission submission) {
        this.submission = submission;
    }

    Submission submission() {
        return submission;
    }

    /** @return false where the caller has given up before */
    boolean accept(Job job) {
        return decision.complete(job);
    }

    /** @return false where the caller has given up before */
    boolean refuse(Problem problem) {
        return decision.completeExceptionally(new ProblemException(problem));
    }

    /** The job, or a {@link ProblemException}, or after the timeout a {@link java.util.concurrent.TimeoutException}. */
    CompletableFuture<Job> answer(Duration timeout) {
        return decision.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
