package org.raygateway.ray.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.ray.driver.DriverFixture.computation;
import static org.raygateway.ray.driver.DriverFixture.monteCarlo;
import static org.raygateway.ray.driver.DriverFixture.newJob;
import static org.raygateway.ray.driver.DriverFixture.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.raygateway.driver.v1.Computation.Isolation;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitReply.Outcome;
import org.raygateway.driver.v1.SubmitRequest;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;
import org.raygateway.ray.computations.MonteCarlo;

class RayDriverServerTest {
    private static DriverFixture driver;

    @BeforeAll
    static void startDriver() {
        driver = new DriverFixture(RayDriverSettings.defaults(RayMode.LOCAL));
    }

    @AfterAll
    static void stopDriver() {
        driver.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"DEDICATED", "POOLED"})
    void runsComputationFromRunningToCompletedWithItsResult(Isolation isolation) {
        String job = newJob();
        assertThat(driver.submit(monteCarlo(job, isolation)).getOutcome()).isEqualTo(Outcome.STARTED);

        StatusEvent terminal = driver.awaitTerminal(job);
        assertThat(terminal.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(terminal.progress()).isEqualTo(100);
        assertThat(terminal.result()).contains("\"estimate\":3.1");
        assertThat(driver.published.of(job).get(0).status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void numbersTheEventsOfAnAttemptUpwards() {
        String job = newJob();
        driver.submit(request(job, computation(TestComputations.Chatty.class, Isolation.DEDICATED), "{\"reports\": 10}")
                .setAttempt(3));
        driver.awaitTerminal(job);

        List<StatusEvent> events = driver.published.of(job);
        assertThat(events).extracting(StatusEvent::attempt).containsOnly(3);
        assertThat(events)
                .extracting(StatusEvent::sequence)
                .startsWith(1L)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(names = {"DEDICATED", "POOLED"})
    void runsEachOfManyJobsAtOnceOnItsOwnActor(Isolation isolation) {
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String job = newJob();
            String parameters = "{\"iterations\": 100, \"seed\": " + i + "}";
            SubmitRequest.Builder request = request(job, computation(MonteCarlo.class, isolation), parameters);
            assertThat(driver.submitWhenFree(request).getOutcome()).isEqualTo(Outcome.STARTED);
            jobs.add(job);
        }
        for (int i = 0; i < jobs.size(); i++) {
            StatusEvent terminal = driver.awaitTerminal(jobs.get(i));
            assertThat(terminal.status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(terminal.result()).contains("\"seed\":" + i + ",");
        }
    }

    @Test
    void startsTheSameAttemptOnce() {
        String job = newJob();
        driver.submit(monteCarlo(job, Isolation.POOLED));
        assertThat(driver.submit(monteCarlo(job, Isolation.POOLED)).getOutcome())
                .isEqualTo(Outcome.ALREADY_STARTED);

        driver.awaitTerminal(job);
        assertThat(driver.submit(monteCarlo(job, Isolation.POOLED)).getOutcome())
                .isEqualTo(Outcome.ALREADY_STARTED);
        assertThat(driver.published.of(job))
                .filteredOn(event -> event.status().isTerminal())
                .hasSize(1);
    }

    @Test
    void remembersTheTerminalMessageOfAnEndedExecution() {
        String job = newJob();
        driver.submit(monteCarlo(job, Isolation.POOLED));
        StatusEvent terminal = driver.awaitTerminal(job);

        await().until(() -> driver.describe(job).getState() == Execution.State.ENDED);
        assertThat(StatusEventJson.read(driver.describe(job).getStatusJson())).isEqualTo(terminal);
    }

    @Test
    void saysUnknownOfJobsItNeverSaw() {
        assertThat(driver.describe(newJob()).getState()).isEqualTo(Execution.State.UNKNOWN);
        assertThat(driver.cancel(newJob())).isFalse();
    }

    @Test
    void rejectsClassThatDoesNotExist() {
        SubmitReply reply = driver.submit(monteCarlo(newJob(), Isolation.POOLED)
                .setComputation(computation(String.class, Isolation.POOLED).setEntryPoint("org.example.Nothing")));
        assertThat(reply.getOutcome()).isEqualTo(Outcome.REJECTED);
        assertThat(reply.getReason()).contains("there is no class org.example.Nothing");
    }

    @Test
    void rejectsClassThatIsNoComputation() {
        SubmitReply reply = driver.submit(request(newJob(), computation(String.class, Isolation.POOLED), "{}"));
        assertThat(reply.getOutcome()).isEqualTo(Outcome.REJECTED);
        assertThat(reply.getReason()).contains("does not implement");
    }

    @Test
    void isReadyAndTellsItsCapacity() {
        assertThat(driver.health().getReady()).isTrue();
        assertThat(driver.health().getRayMode()).isEqualTo("local");
        assertThat(driver.health().getCapacity()).isEqualTo(256);
    }
}
