package org.raygateway.submission;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.raygateway.job.Job;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.store.Submission;

/** A job between its post and its answer. */
final class PendingJob {
    private final Submission submission;
    private final CompletableFuture<Job> answer = new CompletableFuture<>();

    PendingJob(Submission submission) {
        this.submission = submission;
    }

    Submission submission() {
        return submission;
    }

    /** @return false where the caller has given up before */
    boolean accept(Job job) {
        return answer.complete(job);
    }

    /** @return false where the caller has given up before */
    boolean refuse(Problem problem) {
        return answer.completeExceptionally(new ProblemException(problem));
    }

    Job await(Duration timeout) {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException refused) {
            throw refused.getCause() instanceof ProblemException problem
                    ? problem
                    : new IllegalStateException(refused.getCause());
        } catch (TimeoutException late) {
            return giveUp();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return giveUp();
        }
    }

    /** Refuses, unless the answer came in this very moment. */
    private Job giveUp() {
        if (refuse(JobAcceptance.messagingDown()) || answer.isCompletedExceptionally()) {
            throw new ProblemException(JobAcceptance.messagingDown());
        }
        return answer.join();
    }
}
