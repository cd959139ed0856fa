package org.raygateway.ray.driver;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.raygateway.driver.v1.Execution.Begun;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.ray.driver.EndedExecutions.Ended;

/** What is known of jobs: the newest live execution of each, and how lately ended ones ended. Guarded by {@link Executions}. */
final class History {
    private static final int MOST_REMEMBERED = 10_000;
    private static final long MOST_REMEMBERED_CHARACTERS = 16L << 20;

    private final Map<String, Run> newestByJob = new HashMap<>();
    private final EndedExecutions ended = new EndedExecutions(MOST_REMEMBERED, MOST_REMEMBERED_CHARACTERS);

    /** The answer for a run that was started before, or whose job has seen a later attempt; null where it is new. */
    CompletableFuture<SubmitReply> startedBefore(Run run) {
        Run newest = newestByJob.get(run.assignment.job());
        int attempt = run.assignment.attempt();
        if (newest != null && newest.assignment.attempt() == attempt) {
            return newest.reply.thenApply(first -> Replies.repeated(first, attempt));
        }
        Ended last = ended.find(run.assignment.job());
        int known = Math.max(newest == null ? 0 : newest.assignment.attempt(), last == null ? 0 : begunIn(last));
        return known >= attempt ? CompletableFuture.completedFuture(Replies.alreadyStarted(known)) : null;
    }

    /** An attempt that never began may be started under its number. */
    private static int begunIn(Ended last) {
        return last.begun() == Begun.NEVER_BEGAN ? last.attempt() - 1 : last.attempt();
    }

    /** Returns the live execution that this one takes the place of; null where there is none. */
    Run start(Run run) {
        return newestByJob.put(run.assignment.job(), run);
    }

    /** As if it had never been started. */
    void forget(Run run) {
        newestByJob.remove(run.assignment.job(), run);
    }

    void end(Run run, Ended end) {
        ended.remember(run.assignment.job(), end);
        forget(run);
    }

    /** Null where the job has no live execution. */
    Run live(String job) {
        return newestByJob.get(job);
    }

    Collection<Run> live() {
        return newestByJob.values();
    }

    /** Null where nothing is remembered of the job. */
    Ended ended(String job) {
        return ended.find(job);
    }
}
