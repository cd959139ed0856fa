package org.raygateway.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.servicebus.OutgoingMessage;
import org.raygateway.store.SqliteJobStore;
import org.raygateway.store.SqliteSettings;
import org.raygateway.store.Submission;

/** What callers are told when a job cannot be made durable, on a real store and a queue that does what the test says. */
class JobAcceptanceTest {
    @TempDir
    Path directory;

    private final CountDownLatch gate = new CountDownLatch(1);
    private SqliteJobStore store;

    @BeforeEach
    void open() {
        store = SqliteJobStore.open(SqliteSettings.of(directory.resolve("jobs.db")));
    }

    @AfterEach
    void close() {
        gate.countDown();
        store.close();
    }

    private JobAcceptance accepting(Consumer<List<OutgoingMessage>> queue, int maxWaiting, Duration timeout) {
        return accepting(queue, () -> false, maxWaiting, timeout);
    }

    private JobAcceptance accepting(
            Consumer<List<OutgoingMessage>> queue, BooleanSupplier isQueueDown, int maxWaiting, Duration timeout) {
        return new JobAcceptance(
                store, queue, isQueueDown, new SubmissionSettings(1, 1, maxWaiting, timeout, Duration.ZERO, 32));
    }

    private void waitForGate(List<OutgoingMessage> messages) {
        await().until(() -> gate.getCount() == 0);
    }

    private static Submission submission() {
        return submission(null);
    }

    private static Submission submission(String key) {
        Instant now = Instant.parse("2026-01-02T03:04:05Z");
        Job job = new Job(
                JobId.next(),
                "monte_carlo",
                "{}",
                JobStatus.SUBMITTED,
                0,
                0,
                0,
                "alice",
                "00-1-2-01",
                now,
                now,
                null,
                false);
        return new Submission(job, key, key == null ? null : "hash");
    }

    private static Problem refusal(CompletableFuture<Job> answer) {
        Throwable refused =
                catchThrowableOfType(CompletionException.class, answer::join).getCause();
        assertThat(refused).isInstanceOf(ProblemException.class);
        return ((ProblemException) refused).problem();
    }

    @Test
    void acceptsWhatIsStoredAndQueued() {
        Submission submission = submission();
        try (JobAcceptance acceptance = accepting(messages -> {}, 10, Duration.ofSeconds(20))) {
            assertThat(acceptance.accept(submission).join()).isEqualTo(submission.job());
        }
        assertThat(store.find(submission.job().id())).contains(submission.job());
    }

    @Test
    void refusesWhileTheStoreIsDownAndSendsNothing() {
        store.close();
        List<OutgoingMessage> sent = new CopyOnWriteArrayList<>();
        try (JobAcceptance acceptance = accepting(sent::addAll, 10, Duration.ofSeconds(20))) {
            Problem refusal = refusal(acceptance.accept(submission()));
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.detail()).isEqualTo("The job store is currently unavailable.");
            assertThat(refusal.headers()).containsKey("Retry-After");
        }
        assertThat(sent).isEmpty();
    }

    @Test
    void refusesMoreThanMayWait() {
        try (JobAcceptance acceptance = accepting(this::waitForGate, 1, Duration.ofSeconds(20))) {
            Submission first = submission();
            CompletableFuture<Job> inWork = acceptance.accept(first);
            await().until(() -> store.find(first.job().id()).isPresent());
            CompletableFuture<Job> waiting = acceptance.accept(submission());

            Problem refusal = refusal(acceptance.accept(submission()));

            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.detail()).isEqualTo("Too many jobs are waiting to be accepted; try again shortly.");
            gate.countDown();
            assertThat(inWork.join()).isNotNull();
            assertThat(waiting.join()).isNotNull();
        }
    }

    @Test
    void takesBackAJobWhoseCallerGaveUpWaiting() {
        Submission submission = submission();
        try (JobAcceptance acceptance = accepting(this::waitForGate, 10, Duration.ofMillis(50))) {
            CompletableFuture<Job> answer = acceptance.accept(submission);
            assertThat(catchThrowableOfType(CompletionException.class, answer::join))
                    .hasCauseInstanceOf(TimeoutException.class);
            gate.countDown();
            await().until(() -> store.find(submission.job().id()).isEmpty());
        }
    }

    @Test
    void triesNoOtherJobForAWhileOnceTheQueueIsFull() {
        AtomicInteger tries = new AtomicInteger();
        AtomicBoolean full = new AtomicBoolean(true);
        Consumer<List<OutgoingMessage>> queue = messages -> {
            tries.incrementAndGet();
            if (full.get()) {
                throw new IllegalStateException("the queue is full");
            }
        };
        try (JobAcceptance acceptance = accepting(queue, 1_000, Duration.ofSeconds(20))) {
            for (int i = 0; i < 200; i++) {
                Problem refusal = refusal(acceptance.accept(submission()));
                assertThat(refusal.status()).isEqualTo(503);
                assertThat(refusal.headers()).containsKey("Retry-After");
            }
            assertThat(tries).hasValueLessThan(20);

            full.set(false);
            await().atMost(Duration.ofSeconds(5)).until(() -> !acceptance
                    .accept(submission())
                    .handle((job, refused) -> job == null)
                    .join());
        }
    }

    @Test
    void triesAJobWithAKeyAllTheSame() {
        AtomicInteger tries = new AtomicInteger();
        Consumer<List<OutgoingMessage>> queue = messages -> {
            tries.incrementAndGet();
            throw new IllegalStateException("the queue is full");
        };
        try (JobAcceptance acceptance = accepting(queue, 10, Duration.ofSeconds(20))) {
            refusal(acceptance.accept(submission("one")));
            refusal(acceptance.accept(submission("two")));
        }
        assertThat(tries).hasValue(2);
    }

    @Test
    void refusesAtOnceWhileTheQueueIsKnownToBeDown() {
        List<OutgoingMessage> sent = new CopyOnWriteArrayList<>();
        Submission submission = submission();
        try (JobAcceptance acceptance = accepting(sent::addAll, () -> true, 10, Duration.ofSeconds(20))) {
            assertThat(refusal(acceptance.accept(submission)).detail())
                    .isEqualTo("Messaging service is currently unavailable.");
        }
        assertThat(sent).isEmpty();
        assertThat(store.find(submission.job().id())).isEmpty();
    }
}
