package org.raygateway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.EventReader;
import org.raygateway.FakeDriver;
import org.raygateway.GatewayFixture;
import org.raygateway.Statuses;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.SubmitRequest;
import org.raygateway.job.JobId;

/** Jobs that nothing else would finish. The driver starts them and then knows that they began and were lost, unless told. */
class LostJobsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path data;

    private final FakeDriver driver = FakeDriver.start();
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        driver.knowsOfOthers(submit -> execution(submit.getJobId(), Execution.State.UNKNOWN)
                .setAttempt(submit.getAttempt())
                .setBegun(Execution.Begun.BEGAN)
                .build());
        gateway = GatewayFixture.start(
                data,
                driver.properties(
                        "gateway.reconcile.period", "200ms",
                        "gateway.reconcile.silent-after", "2s",
                        "gateway.reconcile.waiting-after", "1s",
                        "gateway.reconcile.unconfirmed-after", "1s"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        driver.close();
    }

    private static Execution.Builder execution(String job, Execution.State state) {
        return Execution.newBuilder().setJobId(job).setState(state).setAttempt(1);
    }

    @Test
    void startsLostJobAgainAndFailsItWhenAttemptsAreUsedUp() {
        String job = gateway.submit(SHORT);
        int attempts = 3;

        await().atMost(PATIENCE).until(() -> gateway.statusOf(job).equals("FAILED"));

        assertThat(driver.submits(job))
                .extracting(SubmitRequest::getAttempt)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, attempts).boxed().toList());
        assertThat(gateway.find(job).get("message").asText()).isEqualTo("Gave up after 3 attempts.");
        try (EventReader events = gateway.follow(job)) {
            events.awaitEnd();
            assertThat(events.statuses())
                    .containsExactly("SUBMITTED", "DISPATCHED", "DISPATCHED", "DISPATCHED", "FAILED");
        }
    }

    private int attemptsAfterLosses(Execution.Begun begun, int losses) {
        driver.knowsOfOthers(submit -> execution(submit.getJobId(), Execution.State.UNKNOWN)
                .setAttempt(submit.getAttempt())
                .setBegun(begun)
                .build());
        String job = gateway.submit(SHORT);
        await().atMost(PATIENCE).until(() -> driver.submits(job).size() > losses);
        assertThat(gateway.statusOf(job)).isEqualTo("DISPATCHED");
        return gateway.find(job).get("attempt").asInt();
    }

    @Test
    void attemptThatNeverBeganIsStartedUnderItsNumberHoweverOften() {
        assertThat(attemptsAfterLosses(Execution.Begun.NEVER_BEGAN, 5)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"INTERRUPTED", "BEGUN_UNSPECIFIED"})
    void attemptThatWasInterruptedOrNeverHeardOfDoesNotCount(Execution.Begun begun) {
        assertThat(attemptsAfterLosses(begun, 5)).isGreaterThan(5);
    }

    @Test
    void jobThatOnlyWaitsForAPlaceIsNeverCalledLost() {
        driver.answers(FakeDriver.IS_BUSY);
        String waiting = gateway.submit(SHORT);
        await().during(Duration.ofSeconds(5))
                .atMost(PATIENCE)
                .until(() -> gateway.find(waiting).get("attempt").asInt() == 1);
        driver.answers(FakeDriver.STARTS);
        int tried = driver.submits(waiting).size();
        await().atMost(PATIENCE).until(() -> driver.submits(waiting).size() > tried);
        assertThat(driver.submits(waiting).subList(0, tried + 1))
                .extracting(SubmitRequest::getAttempt)
                .containsOnly(1);
    }

    @Test
    void refusesStatusesOfTheAttemptThatWasLost() {
        String job = gateway.submit(SHORT);
        await().atMost(PATIENCE).until(() -> driver.submits(job).size() == 2);
        driver.knows(execution(job, Execution.State.RUNNING).setAttempt(2).build());

        gateway.serviceBus().publish(Statuses.completed(job, 1, 99), Statuses.running(job, 2, 1, 10));

        gateway.awaitStatus(job, "RUNNING");
        assertThat(gateway.find(job).get("attempt").asInt()).isEqualTo(2);
    }

    @Test
    void leavesSilentJobAloneThatTheDriverRuns() {
        String job = gateway.submit(SHORT);
        driver.knows(execution(job, Execution.State.RUNNING).build());
        String lost = gateway.submit(SHORT);

        await().atMost(PATIENCE).until(() -> driver.submits(lost).size() == 3);
        assertThat(driver.submits(job)).hasSize(1);
        assertThat(gateway.statusOf(job)).isEqualTo("DISPATCHED");
    }

    @Test
    void tellsWhatJobWaitsForThatHasNotBegun() {
        String job = gateway.submit(SHORT);
        String reason = "no node of the cluster has 1 GPU; it waits until one joins";
        driver.knows(execution(job, Execution.State.WAITING).setReason(reason).build());

        await().atMost(PATIENCE)
                .until(() -> gateway.find(job).path("message").asText().equals(reason));
        assertThat(gateway.statusOf(job)).isEqualTo("DISPATCHED");
        assertThat(driver.submits(job)).hasSize(1);

        gateway.serviceBus().publish(Statuses.running(job, 1, 1, 10));
        gateway.awaitStatus(job, "RUNNING");
        assertThat(gateway.find(job).path("message").asText()).doesNotContain("GPU");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "{\"progress\": 100}",
                "{\"job_id\": \"JOB\", \"status\": \"COMPLETED\", \"progress\": 100, \"attempt\": 1, \"sequence\": 4,"
                        + " \"result\": {\"x\": 1e999999999}, \"occurred_at\": \"2026-01-02T03:04:05Z\"}",
                "{\"job_id\": \"JOB\", \"status\": \"RUNNING\", \"progress\": 1, \"attempt\": 1, \"sequence\": 4,"
                        + " \"occurred_at\": \"2026-01-02T03:04:05Z\"}",
                "{\"job_id\": \"01900000-0000-7000-8000-000000000001\", \"status\": \"FAILED\", \"progress\": -1,"
                        + " \"attempt\": 1, \"sequence\": 4, \"occurred_at\": \"2026-01-02T03:04:05Z\"}"
            })
    void failsJobWhoseEndCannotBeTakenAndLooksAfterOthers(String word) {
        String job = gateway.submit(SHORT);
        driver.knows(execution(job, Execution.State.ENDED)
                .setStatusJson(word.replace("JOB", job))
                .build());
        String other = gateway.submit(SHORT);
        driver.knows(execution(other, Execution.State.ENDED)
                .setStatusJson(Statuses.completed(other, 1, 4))
                .build());

        await().atMost(PATIENCE).until(() -> gateway.statusOf(job).equals("FAILED"));
        assertThat(gateway.find(job).get("message").asText()).startsWith("Its end cannot be taken: ");
        await().atMost(PATIENCE).until(() -> gateway.statusOf(other).equals("COMPLETED"));
    }

    @Test
    void takesUnheardEndFromTheDriver() {
        String job = gateway.submit(SHORT);
        driver.knows(execution(job, Execution.State.ENDED)
                .setStatusJson(Statuses.completed(job, 1, 4))
                .build());

        await().atMost(PATIENCE).until(() -> gateway.statusOf(job).equals("COMPLETED"));
        assertThat(driver.submits(job)).hasSize(1);
        assertThat(gateway.http().get("/jobs/" + job + "/result").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(names = {"WAITING", "RUNNING"})
    void repeatsUnheardWishToCancel(Execution.State state) {
        String job = gateway.submit(SHORT);
        driver.knows(execution(job, state).build());
        gateway.awaitStatus(job, "DISPATCHED");
        assertThat(gateway.http().delete("/jobs/" + job).statusCode()).isEqualTo(202);

        await().atMost(PATIENCE).until(() -> driver.cancels().size() >= 4);
        assertThat(driver.cancels()).containsOnly(job);
    }

    @Test
    void queuesJobThatNeverReachedTheQueue() throws SQLException {
        String sent = gateway.submitDispatched(SHORT);
        String unsent = storeOnly("NULL");

        await().atMost(PATIENCE).until(() -> !driver.submits(unsent).isEmpty());
        assertThat(driver.submits(unsent).get(0).getAttempt()).isEqualTo(1);
    }

    @Test
    void startsJobWhoseMessageIsGone() throws SQLException {
        String sent = gateway.submitDispatched(SHORT);
        String forgotten = storeOnly("1");

        await().atMost(PATIENCE).until(() -> !driver.submits(forgotten).isEmpty());
        assertThat(driver.submits(forgotten).get(0).getAttempt()).isEqualTo(1);
    }

    /**
     * Leaves a job in the store alone.
     *
     * @param queuedAt SQL: NULL as a crash between the store's commit and the send would, a time long ago as a dead-lettered
     *     message would
     */
    private String storeOnly(String queuedAt) throws SQLException {
        String id = (queuedAt.equals("NULL") ? JobId.next() : JobId.lowestAt(Instant.EPOCH)).toString();
        try (Connection store = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("jobs.db"));
                Statement sql = store.createStatement()) {
            sql.execute("PRAGMA busy_timeout = 5000");
            sql.execute(
                    "INSERT INTO jobs (id, queued_at, status, progress, attempt, sequence, cancel_requested, event_count,"
                            + " submitted_at, updated_at, simulation_type, requester, traceparent, parameters)"
                            + " SELECT x'" + id.replace("-", "") + "', " + queuedAt + ", 'SUBMITTED', 0, 0, 0, 0, 0,"
                            + " submitted_at, updated_at, simulation_type, requester, traceparent, parameters FROM jobs LIMIT 1");
        }
        return id;
    }
}
