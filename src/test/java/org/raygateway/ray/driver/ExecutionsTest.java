package org.raygateway.ray.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.raygateway.ray.driver.DriverFixture.monteCarlo;
import static org.raygateway.ray.driver.DriverFixture.newJob;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.raygateway.driver.v1.Computation.Isolation;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitReply.Outcome;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;
import org.raygateway.ray.actor.StopReason;

class ExecutionsTest {
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final FakeActors ray = new FakeActors();
    private final RecordingPublisher published = new RecordingPublisher();
    private final Executions executions = new Executions(
            RayDriverSettings.defaults(RayMode.CLUSTER).withMaxActive(1).withPoolSize(1),
            ray,
            published,
            Beginnings.FORGETFUL);

    @AfterEach
    void close() {
        ray.calls.forEach(call -> call.outcome.complete(Optional.empty()));
        executions.close();
    }

    private CompletableFuture<SubmitReply> submit(String job, int attempt) {
        return submit(job, attempt, Isolation.DEDICATED);
    }

    private CompletableFuture<SubmitReply> submit(String job, int attempt, Isolation isolation) {
        return executions.submit(monteCarlo(job, isolation).setAttempt(attempt).build());
    }

    private String started() {
        String job = newJob();
        assertThat(submit(job, 1).join().getOutcome()).isEqualTo(Outcome.STARTED);
        return job;
    }

    @Test
    void failsTheJobOfAnActorThatFailed() {
        String job = started();
        ray.calls.get(0).outcome.completeExceptionally(new IllegalStateException("password=secret"));

        await().until(() -> published.hasTerminal(job));
        StatusEvent lastWord = published.lastOf(job);
        assertThat(lastWord.status()).isEqualTo(JobStatus.FAILED);
        assertThat(lastWord.sequence()).isEqualTo(StatusEvent.LAST_WORD);
        assertThat(lastWord.message()).isEqualTo("the actor failed: IllegalStateException");
        assertThat(StatusEventJson.read(executions.describe(job).getStatusJson()))
                .isEqualTo(lastWord);
        assertThat(executions.health().getActive()).isZero();
    }

    @Test
    void lastWordBelongsToTheTraceOfTheJob() {
        String job = newJob();
        executions
                .submit(monteCarlo(job, Isolation.DEDICATED)
                        .setTraceparent(TRACEPARENT)
                        .build())
                .join();
        ray.calls.get(0).outcome.completeExceptionally(new IllegalStateException());

        await().until(() -> published.hasTerminal(job));
        assertThat(published.traceparentsOf(job)).containsExactly(TRACEPARENT);
    }

    @Test
    void mayBeTriedAgainAfterRayCouldNotStartIt() {
        ray.down = true;
        String job = newJob();
        assertThatThrownBy(() -> submit(job, 1).join()).hasMessageContaining("the raylet is gone");
        assertThat(executions.describe(job).getState()).isEqualTo(Execution.State.UNKNOWN);

        ray.down = false;
        assertThat(submit(job, 1).join().getOutcome()).isEqualTo(Outcome.STARTED);
    }

    @Test
    void asksForACancelOnceAndForcesItOnlyAfterTheGraceTime() {
        String job = started();
        executions.cancel(job);
        executions.cancel(job);
        assertThat(ray.stops).containsExactly(StopReason.CANCELLED);
        assertThat(ray.killed).isEmpty();
    }

    @Test
    void killsTheOlderAttemptBeforeTheNewerStarts() {
        String job = started();
        assertThat(submit(job, 2).join().getOutcome()).isEqualTo(Outcome.BUSY);
        await().until(() -> submit(job, 2).join().getOutcome() == Outcome.STARTED);
        assertThat(ray.killed).containsExactly(job + ":1");
        assertThat(published.of(job)).isEmpty();
    }

    @Test
    void newerAttemptTakesThePlaceOfTheOneThatWaits() {
        started();
        String job = newJob();
        submit(job, 1, Isolation.POOLED).join();
        submit(job, 2, Isolation.POOLED).join();
        assertThat(executions.describe(job).getAttempt()).isEqualTo(2);
        assertThat(executions.describe(job).getState()).isEqualTo(Execution.State.WAITING);

        ray.calls.get(0).outcome.complete(Optional.empty());
        await().until(() -> ray.calls.size() == 2);
        assertThat(ray.made).isEqualTo(2);
    }

    @Test
    void startsOnceWhatIsSubmittedTwiceWhileItWaits() {
        String running = started();
        String job = newJob();
        assertThat(submit(job, 1, Isolation.POOLED).join().getOutcome()).isEqualTo(Outcome.STARTED);
        assertThat(submit(job, 1, Isolation.POOLED).join().getOutcome()).isEqualTo(Outcome.ALREADY_STARTED);
        ray.calls.get(0).outcome.completeExceptionally(new IllegalStateException());
        await().until(() -> published.hasTerminal(running));
        await().until(() -> executions.describe(job).getState(), Execution.State.RUNNING::equals);
        assertThat(ray.made).isEqualTo(2);
    }

    @Test
    void startsNothingMoreOnceItCloses() {
        started();
        String waiting = newJob();
        submit(waiting, 1, Isolation.POOLED).join();
        executions.close();
        ray.calls.get(0).outcome.complete(Optional.empty());
        assertThat(ray.made).isEqualTo(1);
        assertThatThrownBy(() -> submit(newJob(), 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void saysThatWhatRayDidNotStartNeverBegan() {
        String running = started();
        String waiting = newJob();
        submit(waiting, 1, Isolation.POOLED).join();
        ray.down = true;
        ray.calls.get(0).outcome.completeExceptionally(new IllegalStateException());
        await().until(() -> published.hasTerminal(running));

        await().until(() -> executions.describe(waiting).getBegun(), Execution.Begun.NEVER_BEGAN::equals);
        assertThat(executions.describe(waiting).getAttempt()).isEqualTo(1);
        ray.down = false;
        assertThat(submit(waiting, 1).join().getOutcome()).isEqualTo(Outcome.STARTED);
    }

    @Test
    void leavesPlacesToOtherComputationsHoweverManyOfOneRun() {
        try (Executions shared = new Executions(
                RayDriverSettings.defaults(RayMode.CLUSTER).withMaxActive(8), ray, published, Beginnings.FORGETFUL)) {
            int started = 0;
            while (shared.submit(monteCarlo(newJob(), Isolation.DEDICATED).build())
                            .join()
                            .getOutcome()
                    == Outcome.STARTED) {
                started++;
            }
            assertThat(started).isEqualTo(6);
            var other = monteCarlo(newJob(), Isolation.DEDICATED);
            other.setComputation(other.getComputation().toBuilder().setName("another"));
            assertThat(shared.submit(other.build()).join().getOutcome()).isEqualTo(Outcome.STARTED);
            ray.calls.forEach(call -> call.outcome.complete(Optional.empty()));
        }
    }

    @Test
    void fewExecutionsOfAComputationWaitForResourcesAtOnceAndMoreTheMoreRun() {
        ray.scarce = true;
        try (Executions shared =
                new Executions(RayDriverSettings.defaults(RayMode.CLUSTER), ray, published, Beginnings.FORGETFUL)) {
            assertThat(startedUntilBusy(shared)).isEqualTo(4);
            ray.calls.forEach(call -> call.begun = true);
            await().until(() -> startedUntilBusy(shared) > 0);
            assertThat(ray.calls).hasSizeGreaterThanOrEqualTo(8);
            ray.calls.forEach(call -> call.outcome.complete(Optional.empty()));
        }
    }

    private static int startedUntilBusy(Executions shared) {
        int started = 0;
        while (true) {
            SubmitReply reply = shared.submit(
                            monteCarlo(newJob(), Isolation.DEDICATED).build())
                    .join();
            if (reply.getOutcome() == Outcome.BUSY) {
                assertThat(reply.getReason()).contains("wait for resources of the cluster");
                return started;
            }
            started++;
        }
    }

    @Test
    void forgetsTheOldestEndedExecutionsFirst() {
        EndedExecutions ended = new EndedExecutions(3, 100);
        for (int i = 0; i < 5; i++) {
            ended.remember("job" + i, EndedExecutions.Ended.with(1, "x"));
        }
        assertThat(ended.find("job1")).isNull();
        assertThat(ended.find("job2")).isNotNull();
        ended.remember("large", EndedExecutions.Ended.with(1, "x".repeat(99)));
        assertThat(ended.find("job3")).isNull();
        assertThat(ended.find("large")).isNotNull();
    }

    @Test
    void letsAJobBeTriedAgainWhoseActorWasLost() {
        String job = started();
        ray.calls.get(0).outcome.completeExceptionally(new ActorLostException(new IllegalStateException()));

        await().until(() -> executions.describe(job).getState(), Execution.State.UNKNOWN::equals);
        assertThat(executions.describe(job).getReason()).isEqualTo("the process of its actor died");
        assertThat(published.of(job)).isEmpty();
        assertThat(submit(job, 1).join().getOutcome()).isEqualTo(Outcome.ALREADY_STARTED);
        assertThat(submit(job, 2).join().getOutcome()).isEqualTo(Outcome.STARTED);
    }

    @Test
    void cancelledJobWhoseActorWasLostEndsCancelled() {
        String job = started();
        executions.cancel(job);
        ray.calls.get(0).outcome.completeExceptionally(new ActorLostException(new IllegalStateException()));

        await().until(() -> published.hasTerminal(job));
        assertThat(published.lastOf(job).status()).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    void waitsWithTheReasonUntilItsActorIsThere() {
        ray.scarce = true;
        String job = started();
        Execution waiting = executions.describe(job);
        assertThat(waiting.getState()).isEqualTo(Execution.State.WAITING);
        assertThat(waiting.getReason()).isEqualTo("no node has room");

        ray.calls.get(0).begun = true;
        await().until(() -> executions.describe(job).getState(), Execution.State.RUNNING::equals);
    }

    @Test
    void timeThatAnActorWaitsForResourcesIsNotTheJobs() {
        ray.scarce = true;
        String job = newJob();
        var request = monteCarlo(job, Isolation.DEDICATED);
        request.setComputation(
                request.getComputation().toBuilder().setTimeoutMs(1).setGraceMs(0));
        executions.submit(request.build()).join();
        await().during(Duration.ofMillis(400)).until(() -> published.of(job).isEmpty());

        ray.calls.get(0).begun = true;
        await().until(() -> published.hasTerminal(job));
        assertThat(published.lastOf(job).message()).startsWith("timed out after 1 ms");
    }

    @Test
    void cancelsAtOnceWhatHasNotBegun() {
        ray.scarce = true;
        String job = started();
        executions.cancel(job);

        await().until(() -> published.hasTerminal(job));
        assertThat(published.lastOf(job).message()).isEqualTo("cancelled before it began");
        await().until(() -> ray.killed, killed -> killed.contains(job + ":1"));
    }

    private void runWarm() {
        assertThat(executions
                        .submit(monteCarlo(newJob(), Isolation.POOLED).build())
                        .join()
                        .getOutcome())
                .isEqualTo(Outcome.STARTED);
        ray.calls.get(ray.calls.size() - 1).outcome.complete(Optional.empty());
        await().until(() -> executions.health().getActive() == 0);
    }

    @Test
    void handsARunToTheWarmActorThatIsThere() {
        runWarm();
        runWarm();
        assertThat(ray.made).isEqualTo(1);
    }

    @Test
    void startsARunOnAnotherActorWhereTheWarmOneDiedIdle() {
        runWarm();
        ray.idleDied = true;
        runWarm();
        assertThat(ray.made).isEqualTo(2);
        assertThat(ray.endedIdle).isEqualTo(1);
        assertThat(ray.calls).doesNotHaveDuplicates();
    }

    @Test
    void idleWarmActorsGiveWayToWhatWaitsForResources() {
        runWarm();
        assertThat(ray.endedIdle).isZero();

        ray.scarce = true;
        started();
        await().until(() -> ray.endedIdle == 1);
    }

    @Test
    void warmActorsWithWorkWithoutEndGiveWayToWhatWaitsForResources() {
        try (Executions shared = new Executions(
                RayDriverSettings.defaults(RayMode.CLUSTER).withPoolSize(1), ray, published, Beginnings.FORGETFUL)) {
            for (int i = 0; i < 3; i++) {
                shared.submit(monteCarlo(newJob(), Isolation.POOLED).build()).join();
            }
            ray.calls.get(0).outcome.complete(Optional.empty());
            await().until(() -> ray.calls.size() == 2);
            assertThat(ray.made).as("the warm actor goes on").isEqualTo(1);

            ray.scarce = true;
            var other = monteCarlo(newJob(), Isolation.DEDICATED);
            other.setComputation(other.getComputation().toBuilder().setName("another"));
            shared.submit(other.build()).join();
            await().until(() -> ray.askedWhetherItMayRun > 0);
            ray.calls.get(1).outcome.complete(Optional.empty());
            await().until(() -> ray.endedIdle == 1);
            ray.calls.forEach(call -> call.outcome.complete(Optional.empty()));
        }
    }

    @Test
    void isNotReadyWhileRayIsNot() {
        ray.whyNotReady = "the Ray head does not answer";
        assertThat(executions.health().getReady()).isFalse();
        assertThat(executions.health().getReason()).isEqualTo("the Ray head does not answer");
        assertThatThrownBy(() -> submit(newJob(), 1)).hasMessage("the Ray head does not answer");
    }
}
