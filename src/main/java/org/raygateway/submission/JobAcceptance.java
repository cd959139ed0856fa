package org.raygateway.submission;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.logging.Outage;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.servicebus.OutgoingMessage;
import org.raygateway.store.Admission;
import org.raygateway.store.JobStore;
import org.raygateway.store.StoreException;
import org.raygateway.store.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes jobs durable, those that arrive together in one go: first a commit to the store, then a send to the queue, and only
 * when the broker has confirmed it, the callers' answers. A job whose send failed is withdrawn, so that what was refused never
 * runs, even should its message turn up.
 */
public final class JobAcceptance implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobAcceptance.class);

    private static final int SEVERAL_POSTS = 4;
    private static final long BETWEEN_POSTS_NANOS = 10_000_000;
    private static final long YIELD_MS = 2;

    private final JobStore store;
    private final Consumer<List<OutgoingMessage>> queue;
    private final SubmissionSettings settings;
    private final BlockingQueue<PendingJob> waiting;
    private final List<Thread> writers = new ArrayList<>();
    private final Refusals refusals;
    private final Outage withdrawals = new Outage(LOG, Level.ERROR);
    private final Outage confirmations = new Outage(LOG, Level.WARN);
    private final AtomicInteger inProgress = new AtomicInteger();
    private volatile long severalAt = System.nanoTime() - BETWEEN_POSTS_NANOS;
    private volatile boolean closed;

    /**
     * @param queue sends messages and returns once all are confirmed, or throws
     * @param isQueueDown whether it is known beforehand that a send would fail; asked for each job
     */
    public JobAcceptance(
            JobStore store,
            Consumer<List<OutgoingMessage>> queue,
            BooleanSupplier isQueueDown,
            SubmissionSettings settings) {
        this.refusals = new Refusals(isQueueDown);
        this.store = store;
        this.queue = queue;
        this.settings = settings;
        this.waiting = new ArrayBlockingQueue<>(settings.maxWaiting());
        for (int i = 1; i <= settings.writers(); i++) {
            Thread writer = new Thread(this::write, "accept-jobs-" + i);
            writer.setDaemon(true);
            writer.start();
            writers.add(writer);
        }
    }

    /**
     * Has the job made durable with those that arrive together with it.
     *
     * @return the job, or the earlier one that was accepted under the same idempotency key; or a {@link ProblemException}: 422
     *     where the key was used for another job, 503 where the job could not be made durable; after the
     *     timeout a {@link java.util.concurrent.TimeoutException}, and the job is not accepted
     */
    public CompletableFuture<Job> accept(Submission submission) {
        PendingJob pending = new PendingJob(submission);
        Problem known = refusals.known(submission);
        if (known != null) {
            return CompletableFuture.failedFuture(new ProblemException(known));
        }
        if (closed || !waiting.offer(pending)) {
            return CompletableFuture.failedFuture(new ProblemException(busy()));
        }
        if (inProgress.incrementAndGet() >= SEVERAL_POSTS) {
            severalAt = System.nanoTime();
        }
        CompletableFuture<Job> answer = pending.answer(settings.timeout());
        answer.whenComplete((job, refusal) -> inProgress.decrementAndGet());
        return answer;
    }

    /**
     * Route step of dispatch: while several posts wait for their answer, the jobs in the queue can wait a little; they are safe
     * there. Bounded, so that dispatch goes on under a load that never ends.
     */
    public void letPostsFirst(Exchange exchange) throws InterruptedException {
        long deadline = System.nanoTime() + settings.postsFirst().toNanos();
        while (arePostsComing() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(YIELD_MS);
        }
    }

    /** All posts of a batch are answered at once: that moment is no pause between posts. */
    private boolean arePostsComing() {
        return inProgress.get() >= SEVERAL_POSTS || System.nanoTime() - severalAt < BETWEEN_POSTS_NANOS;
    }

    private void write() {
        List<PendingJob> batch = new ArrayList<>(settings.batchSize());
        while (!closed || !waiting.isEmpty()) {
            try {
                PendingJob first = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, settings.batchSize() - 1);
                    accept(batch);
                }
            } catch (RuntimeException unexpected) {
                refusals.unexpected(unexpected);
                batch.forEach(pending -> pending.refuse(storeDown()));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } finally {
                batch.clear();
            }
        }
    }

    private void accept(List<PendingJob> batch) {
        List<Admission> admissions;
        try {
            admissions = store.admit(batch.stream().map(PendingJob::submission).toList());
        } catch (StoreException | IllegalStateException failure) {
            refusals.because("the job store failed", failure, storeDown());
            batch.forEach(pending -> pending.refuse(storeDown()));
            return;
        }
        List<Job> unsent = unsent(admissions);
        try {
            if (!unsent.isEmpty()) {
                queue.accept(unsent.stream().map(JobMessage::of).toList());
            }
        } catch (RuntimeException failure) {
            refusals.because("the queue took no messages", failure, messagingDown());
            refuse(batch, admissions);
            return;
        }
        if (!unsent.isEmpty()) {
            refusals.over();
        }
        answer(batch, admissions);
        confirm(unsent);
    }

    private static List<Job> unsent(List<Admission> admissions) {
        List<Job> unsent = new ArrayList<>(admissions.size());
        for (Admission admission : admissions) {
            if (admission instanceof Admission.Admitted admitted) {
                unsent.add(admitted.job());
            } else if (admission instanceof Admission.Repeated repeated && !repeated.queued()) {
                unsent.add(repeated.job());
            }
        }
        return unsent;
    }

    private void answer(List<PendingJob> batch, List<Admission> admissions) {
        List<JobId> givenUp = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (!answer(batch.get(i), admissions.get(i)) && admissions.get(i) instanceof Admission.Admitted admitted) {
                givenUp.add(admitted.job().id());
            }
        }
        withdraw(givenUp);
    }

    private static boolean answer(PendingJob pending, Admission admission) {
        if (admission instanceof Admission.Admitted admitted) {
            return pending.accept(admitted.job());
        }
        if (admission instanceof Admission.Repeated repeated) {
            return pending.accept(repeated.job());
        }
        return pending.refuse(Problem.of(
                422,
                "Idempotency-Key reused",
                "This `Idempotency-Key` was used before for a job with another body; use a new key for a new job."));
    }

    private void refuse(List<PendingJob> batch, List<Admission> admissions) {
        List<JobId> admitted = admissions.stream()
                .filter(Admission.Admitted.class::isInstance)
                .map(admission -> ((Admission.Admitted) admission).job().id())
                .toList();
        withdraw(admitted);
        for (int i = 0; i < batch.size(); i++) {
            if (isSettled(admissions.get(i))) {
                answer(batch.get(i), admissions.get(i));
            } else {
                batch.get(i).refuse(messagingDown());
            }
        }
    }

    /** A failed send may have arrived all the same; a job that was started because of it cannot be refused any more. */
    private boolean isSettled(Admission admission) {
        if (admission instanceof Admission.Admitted admitted) {
            return store.find(admitted.job().id()).isPresent();
        }
        return !(admission instanceof Admission.Repeated repeated) || repeated.queued();
    }

    private void withdraw(List<JobId> ids) {
        if (ids.isEmpty()) {
            return;
        }
        try {
            store.withdraw(ids);
        } catch (StoreException | IllegalStateException failure) {
            withdrawals.failed(
                    "Refused jobs could not be withdrawn and may run, such as " + ids.get(0) + ": " + failure);
        }
    }

    /** After the answers: a crash before this only makes the reconciler send the message once more. */
    private void confirm(List<Job> sent) {
        if (sent.isEmpty()) {
            return;
        }
        try {
            store.confirmQueuedSoon(sent.stream().map(Job::id).toList());
        } catch (StoreException | IllegalStateException failure) {
            confirmations.failed("Jobs are queued but not marked so, and will be sent again: " + failure);
        }
    }

    static Problem messagingDown() {
        return Problem.of(503, "Service unavailable", "Messaging service is currently unavailable.")
                .withHeader("Retry-After", "5");
    }

    private static Problem storeDown() {
        return Problem.of(503, "Service unavailable", "The job store is currently unavailable.")
                .withHeader("Retry-After", "5");
    }

    private static Problem busy() {
        return Problem.of(503, "Service unavailable", "Too many jobs are waiting to be accepted; try again shortly.")
                .withHeader("Retry-After", "1");
    }

    /** Accepts what is waiting, then stops. */
    @Override
    public void close() {
        closed = true;
        for (Thread writer : writers) {
            try {
                writer.join(settings.timeout().toMillis());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
