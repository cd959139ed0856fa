package org.raygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

/** What the contract's parts need of the store they test, and the steps they share. */
interface StoreUnderTest {
    JobStore store();

    /** The store's clock. */
    MutableClock clock();

    default Instant now() {
        return clock().instant();
    }

    default Job newJob() {
        return newJob("monte_carlo", now());
    }

    default Job newJob(String type, Instant submittedAt) {
        return new Job(
                JobId.next(),
                type,
                "{\"iterations\":1000}",
                JobStatus.SUBMITTED,
                0,
                0,
                0,
                "alice",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                submittedAt,
                submittedAt,
                null,
                false);
    }

    default Submission submission(Job job, String key) {
        return new Submission(job, key, "hash");
    }

    default Job admitted() {
        return admitted(newJob());
    }

    default Job admitted(Job job) {
        assertThat(store().admit(List.of(submission(job, null)))).containsExactly(new Admission.Admitted(job));
        return job;
    }

    default Job dispatched() {
        return started(admitted());
    }

    /** Takes a job over with room for it. */
    default Claim taken(JobId id) {
        Map<String, Integer> room =
                store().find(id).map(job -> Map.of(job.simulationType(), 1)).orElse(Map.of());
        return store().take(List.of(id), room).get(0);
    }

    default Job started(Job job) {
        return ((Claim.Start) taken(job.id())).job();
    }

    /** Loses the attempt that a job stands in, and starts it anew in its turn. */
    default Claim.Start startedAgain(Job job, Fate fate) {
        String lane = ((Claim.Waits) lost(found(job), fate, 10)).lane();
        return (Claim.Start) store().claimNext(lane, 1).get(0);
    }

    default Claim lost(Job job, Fate fate, int maxAttempts) {
        Loss loss = new Loss(job.id(), job.attempt(), fate);
        return store().lost(List.of(loss), new LossRules(type -> maxAttempts, false))
                .get(0);
    }

    default Job ended(JobStatus status) {
        Job job = dispatched();
        String result = status == JobStatus.COMPLETED ? "{\"pi\":3.14}" : null;
        assertThat(store().apply(List.of(event(job, status, 1, 1, result))).effective())
                .hasSize(1);
        return found(job);
    }

    default Job found(Job job) {
        return store().find(job.id()).orElseThrow();
    }

    default StatusEvent running(Job job, int attempt, long sequence) {
        return new StatusEvent(
                job.id(),
                JobStatus.RUNNING,
                (int) (sequence % 100),
                attempt,
                sequence,
                "step " + sequence,
                null,
                now());
    }

    default StatusEvent event(Job job, JobStatus status, int attempt, long sequence, String result) {
        int progress = status == JobStatus.COMPLETED ? 100 : StatusEvent.NO_PROGRESS;
        return new StatusEvent(job.id(), status, progress, attempt, sequence, "ended", result, now());
    }

    /** Runs the same call in many threads at one time. */
    static <T> List<T> together(int threads, Callable<T> call) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<T> answers = new ArrayList<>();
            for (var future : pool.invokeAll(java.util.Collections.nCopies(threads, call), 30, TimeUnit.SECONDS)) {
                answers.add(future.get());
            }
            return answers;
        } finally {
            pool.shutdownNow();
        }
    }
}
