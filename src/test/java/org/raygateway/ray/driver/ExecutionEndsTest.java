package org.raygateway.ray.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.ray.driver.DriverFixture.computation;
import static org.raygateway.ray.driver.DriverFixture.monteCarlo;
import static org.raygateway.ray.driver.DriverFixture.newJob;
import static org.raygateway.ray.driver.DriverFixture.request;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.driver.v1.Computation.Isolation;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitReply.Outcome;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.ray.driver.TestComputations.Chatty;
import org.raygateway.ray.driver.TestComputations.Deaf;
import org.raygateway.ray.driver.TestComputations.Failing;
import org.raygateway.ray.driver.TestComputations.Patient;
import org.raygateway.ray.driver.TestComputations.Sleepy;
import org.raygateway.ray.driver.TestComputations.Unmakeable;
import org.raygateway.ray.driver.TestComputations.Wordy;

class ExecutionEndsTest {
    private static final int AHEAD = 32;
    private DriverFixture driver;

    @BeforeEach
    void startDriver() {
        TestComputations.DEAF_MAY_END.drainPermits();
        driver = new DriverFixture(
                RayDriverSettings.defaults(RayMode.LOCAL).withPoolSize(1).withMaxActive(2));
    }

    @AfterEach
    void stopDriver() {
        TestComputations.DEAF_MAY_END.release(100);
        driver.close();
    }

    private String running(Class<?> type, Isolation isolation) {
        String job = newJob();
        assertThat(driver.submit(request(job, computation(type, isolation), "{}"))
                        .getOutcome())
                .isEqualTo(Outcome.STARTED);
        driver.awaitRunning(job);
        return job;
    }

    @ParameterizedTest
    @EnumSource(names = {"DEDICATED", "POOLED"})
    void endsCancelledWhenTheComputationStopsOnRequest(Isolation isolation) {
        String job = running(Patient.class, isolation);
        assertThat(driver.cancel(job)).isTrue();

        StatusEvent terminal = driver.awaitTerminal(job);
        assertThat(terminal.status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(terminal.progress()).isEqualTo(StatusEvent.NO_PROGRESS);
        assertThat(terminal.sequence()).isLessThan(StatusEvent.LAST_WORD);
        await().until(() -> driver.health().getActive() == 0);
    }

    @Test
    void everyStatusOfAnActorBelongsToTheTraceOfTheJob() {
        String job = newJob();
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        driver.submit(monteCarlo(job, Isolation.DEDICATED).setTraceparent(traceparent));
        driver.awaitTerminal(job);
        assertThat(driver.published.of(job)).hasSizeGreaterThan(1);
        assertThat(driver.published.traceparentsOf(job)).containsExactly(traceparent);
    }

    @Test
    void survivesCancelsThatCrossTheEndOfTheirJob() {
        for (int i = 0; i < 300; i++) {
            String job = newJob();
            driver.submitWhenFree(monteCarlo(job, Isolation.DEDICATED));
            driver.cancel(job);
            assertThat(driver.awaitTerminal(job).status()).isIn(JobStatus.COMPLETED, JobStatus.CANCELLED);
        }
        assertThat(driver.health().getReady()).isTrue();
    }

    @Test
    void keepsTheWarmActorAfterACancel() {
        driver.cancel(running(Patient.class, Isolation.POOLED));
        await().until(() -> driver.health().getActive() == 0);
        String next = running(Patient.class, Isolation.POOLED);
        driver.cancel(next);
        assertThat(driver.awaitTerminal(next).status()).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    void failsExecutionThatTakesTooLong() {
        String job = newJob();
        driver.submit(
                request(job, computation(Patient.class, Isolation.DEDICATED).setTimeoutMs(50), "{}"));

        StatusEvent terminal = driver.awaitTerminal(job);
        assertThat(terminal.status()).isEqualTo(JobStatus.FAILED);
        assertThat(terminal.message()).isEqualTo("timed out after 50 ms");
        assertThat(terminal.sequence()).isLessThan(StatusEvent.LAST_WORD);
    }

    @Test
    void hasTheLastWordOnExecutionThatIgnoresItsTimeout() {
        String job = newJob();
        driver.submit(request(
                job, computation(Deaf.class, Isolation.POOLED).setTimeoutMs(50).setGraceMs(50), "{}"));

        StatusEvent terminal = driver.awaitTerminal(job);
        assertThat(terminal.status()).isEqualTo(JobStatus.FAILED);
        assertThat(terminal.message()).startsWith("timed out after 50 ms").contains("by force");
        assertThat(terminal.sequence()).isEqualTo(StatusEvent.LAST_WORD);
        await().until(() -> driver.describe(job).getState() == Execution.State.ENDED);
    }

    @Test
    void interruptsExecutionThatIgnoresACancel() {
        String job = newJob();
        driver.submit(
                request(job, computation(Sleepy.class, Isolation.DEDICATED).setGraceMs(50), "{}"));
        driver.awaitRunning(job);
        driver.cancel(job);

        assertThat(driver.awaitTerminal(job).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(driver.awaitTerminal(job).sequence()).isEqualTo(StatusEvent.LAST_WORD);
        await().until(() -> driver.health().getActive() == 0);
    }

    @Test
    void replacesPoolActorThatDoesNotStopAndCountsItsPlaceUntilItDoes() {
        String deaf = newJob();
        driver.submit(request(deaf, computation(Deaf.class, Isolation.POOLED).setGraceMs(50), "{}"));
        driver.awaitRunning(deaf);
        driver.cancel(deaf);
        driver.awaitTerminal(deaf);

        String next = newJob();
        SubmitReply reply = driver.submitWhenFree(
                request(next, computation(Deaf.class, Isolation.POOLED).setGraceMs(50), "{}"));
        assertThat(reply.getOutcome()).isEqualTo(Outcome.STARTED);
        assertThat(driver.health().getActive()).isEqualTo(2);
        driver.awaitRunning(next);

        driver.cancel(next);
        driver.awaitTerminal(next);
        assertThat(driver.health().getReady()).isFalse();
        assertThat(driver.health().getReason()).contains("do not stop");

        TestComputations.DEAF_MAY_END.release(2);
        await().until(() -> driver.health().getReady() && driver.health().getActive() == 0);
        assertThat(driver.published.of(deaf))
                .filteredOn(e -> e.status().isTerminal())
                .hasSize(1);
    }

    private SubmitReply submitPatient(String job) {
        return driver.submit(request(job, computation(Patient.class, Isolation.POOLED), "{}"));
    }

    @Test
    void takesInAFewPooledExecutionsAheadAndAnswersBusyToMore() {
        running(Patient.class, Isolation.POOLED);
        for (int i = 0; i < AHEAD; i++) {
            String ahead = newJob();
            assertThat(submitPatient(ahead).getOutcome()).isEqualTo(Outcome.STARTED);
            assertThat(driver.describe(ahead).getState()).isEqualTo(Execution.State.WAITING);
            assertThat(driver.describe(ahead).getReason()).contains("warm actors of Patient are busy");
        }
        String more = newJob();
        SubmitReply reply = submitPatient(more);
        assertThat(reply.getOutcome()).isEqualTo(Outcome.BUSY);
        assertThat(reply.getReason()).contains("warm actors of Patient are busy");
        assertThat(driver.describe(more).getState()).isEqualTo(Execution.State.UNKNOWN);
    }

    @Test
    void otherComputationsStartAtOnceWhileOneHasFilledItsPool() {
        running(Patient.class, Isolation.POOLED);
        for (int i = 0; i <= AHEAD; i++) {
            submitPatient(newJob());
        }
        String other = newJob();
        driver.submit(monteCarlo(other, Isolation.POOLED));
        assertThat(driver.awaitTerminal(other).status()).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void startsWhatItTookInAheadWhenAPlaceBecomesFree() {
        String first = running(Patient.class, Isolation.POOLED);
        String second = newJob();
        submitPatient(second);
        assertThat(driver.describe(second).getState()).isEqualTo(Execution.State.WAITING);

        driver.cancel(first);
        driver.awaitRunning(second);
        assertThat(driver.describe(second).getState()).isEqualTo(Execution.State.RUNNING);
    }

    @Test
    void cancelsWhatItTookInAhead() {
        running(Patient.class, Isolation.POOLED);
        String second = newJob();
        submitPatient(second);

        assertThat(driver.cancel(second)).isTrue();
        assertThat(driver.awaitTerminal(second).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(submitPatient(newJob()).getOutcome())
                .as("its place in line is free")
                .isEqualTo(Outcome.STARTED);
    }

    @Test
    void newerAttemptEndsTheOlderSilently() {
        String job = running(Patient.class, Isolation.DEDICATED);
        assertThat(driver.submit(monteCarlo(job, Isolation.DEDICATED).setAttempt(2))
                        .getOutcome())
                .isEqualTo(Outcome.STARTED);

        StatusEvent terminal = driver.awaitTerminal(job);
        assertThat(terminal.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(terminal.attempt()).isEqualTo(2);
        await().until(() -> driver.health().getActive() == 0);
        assertThat(driver.published.of(job)).filteredOn(e -> e.attempt() == 1).hasSize(1);
        assertThat(driver.submit(monteCarlo(job, Isolation.DEDICATED)).getOutcome())
                .isEqualTo(Outcome.ALREADY_STARTED);
    }

    @Test
    void showsTheReasonThatAComputationTells() {
        StatusEvent terminal = fail("told");
        assertThat(terminal.status()).isEqualTo(JobStatus.FAILED);
        assertThat(terminal.message()).isEqualTo("the volatility is too small");
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "exception"})
    void hidesWhatOtherFailuresSay(String how) {
        StatusEvent terminal = fail(how);
        assertThat(terminal.status()).isEqualTo(JobStatus.FAILED);
        assertThat(terminal.message()).contains("failed unexpectedly").doesNotContain("secret");
    }

    private StatusEvent fail(String how) {
        String job = newJob();
        driver.submit(request(job, computation(Failing.class, Isolation.POOLED), "{\"how\": \"" + how + "\"}"));
        return driver.awaitTerminal(job);
    }

    @Test
    void failsJobWhoseComputationCannotBeMade() {
        String job = newJob();
        driver.submit(request(job, computation(Unmakeable.class, Isolation.DEDICATED), "{}"));
        assertThat(driver.awaitTerminal(job).status()).isEqualTo(JobStatus.FAILED);
    }

    @Test
    void failsJobWhoseParametersAreNoObject() {
        String job = newJob();
        driver.submit(request(job, computation(Chatty.class, Isolation.POOLED), "[1, 2]"));
        assertThat(driver.awaitTerminal(job).message()).isEqualTo("the parameters must be a JSON object");
    }

    @Test
    void failsJobWhoseResultDoesNotFitIntoAMessage() {
        String job = newJob();
        driver.submit(request(job, computation(Wordy.class, Isolation.POOLED), "{\"length\": 300000}"));
        assertThat(driver.awaitTerminal(job).message()).startsWith("the result is too large: at most 253952 bytes");
    }

    @Test
    void thinsOutProgressButKeepsItRising() {
        String job = newJob();
        driver.submit(request(job, computation(Chatty.class, Isolation.POOLED), "{\"reports\": 2000000}"));
        assertThat(driver.awaitTerminal(job).status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(driver.published.of(job)).hasSizeLessThanOrEqualTo(102);
        assertThat(driver.published.of(job)).extracting(StatusEvent::progress).isSorted();
    }

    @Test
    void leavesNoThreadsOfEndedActors() {
        for (int i = 0; i < 60; i++) {
            String job = newJob();
            driver.submitWhenFree(monteCarlo(job, Isolation.DEDICATED));
            assertThat(driver.awaitTerminal(job).status()).isEqualTo(JobStatus.COMPLETED);
        }
        await().until(() -> actorThreads() < 10);
        assertThat(LocalRayProbe.keptActors()).isLessThan(10);
        assertThat(LocalRayProbe.keptObjects()).isLessThan(20);
    }

    private static long actorThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pool-"))
                .count();
    }
}
