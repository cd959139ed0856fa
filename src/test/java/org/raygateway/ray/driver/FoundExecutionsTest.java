package org.raygateway.ray.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.ray.driver.DriverFixture.monteCarlo;
import static org.raygateway.ray.driver.DriverFixture.newJob;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.raygateway.driver.v1.Computation.Isolation;
import org.raygateway.driver.v1.Execution.State;
import org.raygateway.driver.v1.SubmitReply.Outcome;
import org.raygateway.ray.actor.Assignment;

/** What a driver does with an actor that the one before it left. */
class FoundExecutionsTest {
    private static final long TIMEOUT_MS = 60_000;

    private final FakeActors ray = new FakeActors();
    private final RecordingPublisher published = new RecordingPublisher();
    private final String job = newJob();
    private final FakeActors.FakeCall call = new FakeActors.FakeCall(true);
    private Executions executions;

    @BeforeEach
    void start() {
        find(Duration.ofSeconds(1));
    }

    private void find(Duration elapsed) {
        Assignment assignment = new Assignment(job, 3, TIMEOUT_MS, 0, 100, "");
        Actors.Actor actor = ray.dedicated(null, assignment);
        ray.left.add(new Actors.Found(assignment, actor, call, elapsed));
        executions = new Executions(RayDriverSettings.defaults(RayMode.CLUSTER), ray, published, Beginnings.FORGETFUL);
    }

    @AfterEach
    void close() {
        ray.calls.forEach(running -> running.outcome.complete(Optional.empty()));
        executions.close();
    }

    @Test
    void runsOn() {
        assertThat(executions.describe(job).getState()).isEqualTo(State.RUNNING);
        assertThat(executions.describe(job).getAttempt()).isEqualTo(3);
        assertThat(executions.health().getActive()).isEqualTo(1);
    }

    @Test
    void isNotStartedTwice() {
        var again = monteCarlo(job, Isolation.DEDICATED).setAttempt(3).build();
        assertThat(executions.submit(again).join().getOutcome()).isEqualTo(Outcome.ALREADY_STARTED);
        assertThat(ray.calls).isEmpty();
    }

    @Test
    void isWatchedToItsEnd() {
        call.outcome.complete(Optional.of("{\"status\":\"COMPLETED\"}"));

        await().until(() -> executions.describe(job).getState(), State.ENDED::equals);
        assertThat(executions.describe(job).getStatusJson()).contains("COMPLETED");
        await().until(() -> ray.endedIdle == 1);
    }

    @Test
    void outlivesThisDriverToo() {
        executions.close();
        assertThat(ray.stops).isEmpty();
        assertThat(ray.killed).isEmpty();
    }

    @Test
    void timesOutByTheTimeItHasRunAlready() {
        executions.close();
        ray.left.clear();
        find(Duration.ofMillis(TIMEOUT_MS + 1));

        await().until(() -> published.hasTerminal(job));
        assertThat(published.lastOf(job).message()).startsWith("timed out after 1m");
    }
}
