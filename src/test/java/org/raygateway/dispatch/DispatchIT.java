package org.raygateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.FakeDriver;
import org.raygateway.GatewayFixture;
import org.raygateway.Statuses;
import org.raygateway.TestHttp;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitReply.Outcome;
import org.raygateway.driver.v1.SubmitRequest;

/** The way of jobs from the queue to the driver, and what happens when the driver does not do its part. */
class DispatchIT {
    private static final String[] IMPATIENT = {
        "gateway.dispatch.concurrency", "1",
        "gateway.dispatch.retry-delay", "10ms",
        "gateway.dispatch.max-retry-delay", "50ms",
        "gateway.breaker.open-time", "300ms",
        "gateway.breaker.probe-period", "50ms",
        "gateway.breaker.idle-time", "1h"
    };

    @TempDir
    Path data;

    private final FakeDriver driver = FakeDriver.start();
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        driver.knowsOfOthers(submit -> Execution.newBuilder()
                .setJobId(submit.getJobId())
                .setState(Execution.State.RUNNING)
                .setAttempt(submit.getAttempt())
                .build());
        gateway = GatewayFixture.start(data, driver.properties(IMPATIENT));
    }

    @AfterEach
    void stop() {
        gateway.close();
        driver.close();
    }

    private void restart(String... more) {
        gateway.close();
        String[] all = Stream.of(IMPATIENT, more).flatMap(Stream::of).toArray(String[]::new);
        gateway = GatewayFixture.start(data, driver.properties(all));
    }

    private void restartHolding() {
        restart("gateway.admission.when-compute-down", "hold");
    }

    /** Fails as often as told, then starts. */
    private static Function<SubmitRequest, SubmitReply> failing(int times) {
        AtomicInteger left = new AtomicInteger(times);
        return request ->
                left.getAndDecrement() > 0 ? FakeDriver.FAILS.apply(request) : FakeDriver.STARTS.apply(request);
    }

    private boolean isOpen() {
        return !gateway.operations().get("/observe/health").body().contains("the breaker around Ray is CLOSED");
    }

    private void openBreaker() {
        driver.answers(FakeDriver.FAILS);
        driver.isReady(false);
        gateway.submit(SHORT);
        await().until(this::isOpen);
    }

    @Test
    void handsOverWhatWasPosted() {
        String job = gateway.submit("{\"iterations\": 5, \"seed\": 9}");

        gateway.awaitStatus(job, "DISPATCHED");
        await().until(() -> driver.submits(job).size() == 1);
        SubmitRequest submit = driver.submits(job).get(0);
        assertThat(submit.getAttempt()).isEqualTo(1);
        assertThat(TestHttp.json(submit.getParametersJson())).isEqualTo(TestHttp.json("{\"iterations\":5,\"seed\":9}"));
        assertThat(submit.getComputation().getName()).isEqualTo("monte_carlo");
        assertThat(submit.getTraceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    }

    @Test
    void opensOnTheFifthConsecutiveFailureAndHandsOverNothingMore() {
        openBreaker();

        await().until(() -> driver.probes() >= 3);
        assertThat(driver.submits()).hasSize(5);
    }

    @Test
    void noticesWithoutAnyJobThatRayIsGoneAndThatItIsBack() {
        restart("gateway.breaker.idle-time", "50ms");
        driver.isReady(false);
        await().until(this::isOpen);
        assertThat(driver.probes()).isGreaterThanOrEqualTo(5);
        assertThat(gateway.post(SHORT).statusCode()).isEqualTo(503);

        driver.isReady(true);
        await().until(() -> !isOpen());
        assertThat(gateway.post(SHORT).statusCode()).isEqualTo(202);
    }

    @Test
    void staysClosedWhereFourFailuresEndInSuccess() {
        driver.answers(failing(4));
        String first = gateway.submit(SHORT);
        await().until(() -> driver.submits(first).size() == 5);

        driver.answers(failing(4));
        String second = gateway.submit(SHORT);
        await().until(() -> driver.submits(second).size() == 5);

        assertThat(driver.submits()).extracting(SubmitRequest::getAttempt).containsOnly(1);
        assertThat(gateway.post(SHORT).statusCode()).isEqualTo(202);
        assertThat(driver.probes()).isZero();
    }

    @Test
    void countsAnswersPastTheDeadlineAsFailures() {
        restart("gateway.driver.timeout", "300ms");
        driver.answers(FakeDriver.HANGS);
        driver.isReady(false);
        gateway.submit(SHORT);

        await().until(this::isOpen);
        assertThat(driver.submits()).hasSizeBetween(1, 5);
    }

    @Test
    void refusesPostsWhileOpenAndSaysWhenToComeBack() {
        openBreaker();

        HttpResponse<String> refused = gateway.post(SHORT);

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(TestHttp.json(refused).get("detail").asText())
                .isEqualTo("Compute service is currently unavailable.");
        assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElse("none")))
                .isPositive();
        assertThat(TestHttp.json(gateway.http().get("/jobs")).get("jobs")).hasSize(1);
    }

    @Test
    void stillChecksPostsWhileOpen() {
        openBreaker();

        assertThat(gateway.post("{\"iterations\": -1}").statusCode()).isEqualTo(422);
    }

    @Test
    void burnsNeitherDeliveriesNorAttemptsWhileOpenAndSaysWhatJobsWaitFor() {
        restartHolding();
        driver.answers(FakeDriver.FAILS);
        driver.isReady(false);
        String first = gateway.submit(SHORT);
        await().until(() -> driver.submits().size() == 5);
        List<String> held = List.of(gateway.submit(SHORT), gateway.submit(SHORT));
        await().until(() -> driver.probes() >= 5);

        await().until(() -> gateway.serviceBus().jobs().isEmpty());
        assertThat(gateway.serviceBus().deadJobs()).isEmpty();
        assertThat(driver.submits()).hasSize(5);
        assertThat(gateway.find(first).get("attempt").asInt()).isEqualTo(1);
        assertThat(held).allSatisfy(job -> {
            assertThat(gateway.find(job).get("status").asText()).isEqualTo("SUBMITTED");
            assertThat(gateway.find(job).get("message").asText())
                    .isEqualTo("waits: the compute service is unavailable");
        });
    }

    @Test
    void staysReadyForLookupsWhileRayIsDownOrDispatchIsSuspended() {
        openBreaker();
        assertThat(gateway.operations().get("/observe/health").statusCode()).isEqualTo(200);

        driver.answers(FakeDriver.STARTS);
        driver.isReady(true);
        await().until(() -> !isOpen());
        gateway.operate("/ops/routes/dispatch-job/suspend");
        assertThat(gateway.operations().get("/observe/health").statusCode()).isEqualTo(200);
        String job = gateway.submit(SHORT);
        assertThat(gateway.find(job).get("message").asText())
                .isEqualTo("waits in the queue: an operator has suspended dispatching");
        assertThat(driver.submits(job)).isEmpty();

        gateway.operate("/ops/routes/dispatch-job/resume");
        await().until(() -> driver.submits(job).size() == 1);
        assertThat(gateway.find(job).has("message")).isFalse();
    }

    @Test
    void holdsAndResumesDispatchForAnOperator() {
        gateway.operate("/ops/dispatch/hold");
        String job = gateway.submit(SHORT);
        await().until(() -> gateway.serviceBus().jobs().isEmpty());
        assertThat(gateway.find(job).get("message").asText()).contains("an operator holds dispatching");
        assertThat(driver.submits(job)).isEmpty();

        gateway.operate("/ops/dispatch/resume");
        await().until(() -> driver.submits(job).size() == 1);
    }

    /** Has no place for one computation. */
    private static Function<SubmitRequest, SubmitReply> fullFor(String computation) {
        return request -> request.getComputation().getName().equals(computation)
                ? FakeDriver.reply(Outcome.BUSY, "all 2 warm actors of " + computation + " are busy")
                : FakeDriver.STARTS.apply(request);
    }

    @Test
    void computationWithoutAPlaceHoldsUpNoOtherNeitherBeforeNorAfterARestart() {
        driver.answers(fullFor("monte_carlo"));
        List<String> waiting =
                Stream.generate(() -> gateway.submit(SHORT)).limit(200).toList();
        startsAnother();
        await().until(() -> gateway.serviceBus().jobs().isEmpty());
        assertThat(gateway.find(waiting.get(199)).get("message").asText())
                .contains(
                        "waits for its turn",
                        "jobs of monte_carlo in line",
                        "all 2 warm actors of monte_carlo are busy");

        restart();
        startsAnother();
        driver.answers(FakeDriver.STARTS);
        await().atMost(Duration.ofSeconds(30)).until(() -> waiting.stream()
                .allMatch(job -> driver.submits(job).size() > 0));
        assertThat(driver.submits()).extracting(SubmitRequest::getAttempt).containsOnly(1);
    }

    private void startsAnother() {
        String other = gateway.submitOf("epidemic", "{\"population\": 1000, \"days\": 5}");
        await().until(() -> driver.submits(other).size() == 1);
    }

    @Test
    void cancelsAtOnceWhatWaitsInHandForAPlace() {
        driver.answers(FakeDriver.IS_BUSY);
        String job = gateway.submit(SHORT);
        await().until(() -> !driver.submits(job).isEmpty());
        gateway.awaitStatus(job, "DISPATCHED");

        // In the moment of a try it is the driver's to cancel.
        await().until(() -> {
            gateway.http().delete("/jobs/" + job);
            return gateway.statusOf(job).equals("CANCELLED");
        });
        driver.answers(FakeDriver.STARTS);
        String next = gateway.submit(SHORT);
        await().until(() -> !driver.submits(next).isEmpty());
        assertThat(gateway.statusOf(job)).isEqualTo("CANCELLED");
    }

    @Test
    void triesNoMoreThanOnceASecondWhereThereIsNoPlace() {
        driver.answers(fullFor("monte_carlo"));
        List<String> waiting =
                Stream.generate(() -> gateway.submit(SHORT)).limit(100).toList();
        await().until(() -> gateway.serviceBus().jobs().isEmpty());
        int before = driver.submits().size();
        await().during(Duration.ofSeconds(3)).until(() -> driver.submits().size() <= before + 5);
        assertThat(waiting).hasSize(100);
    }

    @Test
    void startsJobsOfALaneInTheOrderTheyCame() {
        driver.answers(fullFor("monte_carlo"));
        List<String> waiting =
                Stream.generate(() -> gateway.submit(SHORT)).limit(20).toList();
        await().until(() -> gateway.serviceBus().jobs().isEmpty());
        List<String> started = new CopyOnWriteArrayList<>();
        driver.answers(request -> {
            started.add(request.getJobId());
            return FakeDriver.STARTS.apply(request);
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> started.size() == 20);
        assertThat(started).containsExactlyElementsOf(waiting);
    }

    @Test
    void jobInHandIsGivenBackByAStopAndStartsUnderItsNumber() {
        driver.answers(FakeDriver.IS_BUSY);
        String job = gateway.submit(SHORT);
        await().until(() -> driver.submits(job).size() == 1);
        for (int i = 0; i < 5; i++) {
            int before = driver.submits(job).size();
            restart();
            await().until(() -> driver.submits(job).size() > before);
        }
        driver.answers(FakeDriver.STARTS);
        int tried = driver.submits(job).size();
        await().until(() -> driver.submits(job).size() > tried);
        assertThat(driver.submits(job)).extracting(SubmitRequest::getAttempt).containsOnly(1);
        assertThat(gateway.statusOf(job)).isEqualTo("DISPATCHED");
    }

    @Test
    void refusesPostsOfAComputationOfWhichTooManyWaitAndNoOthers() {
        restart("gateway.dispatch.max-waiting", "3");
        driver.answers(FakeDriver.IS_BUSY);
        await().until(() -> gateway.post(SHORT).statusCode() == 503);

        HttpResponse<String> refused = gateway.post(SHORT);
        assertThat(TestHttp.json(refused).get("detail").asText()).contains("jobs of monte_carlo wait");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        gateway.submitOf("epidemic", "{\"population\": 1000, \"days\": 5}");

        TestHttp.json(gateway.http().get("/jobs?simulation_type=monte_carlo"))
                .get("jobs")
                .forEach(job ->
                        gateway.http().delete("/jobs/" + job.get("job_id").asText()));
        await().atMost(Duration.ofSeconds(30)).until(() -> gateway.post(SHORT).statusCode() == 202);
    }

    @Test
    void closesByItsProbeWithAnEmptyQueue() {
        driver.answers(failing(5));
        String job = gateway.submit(SHORT);
        await().until(() -> driver.submits(job).size() == 6);
        gateway.serviceBus().publish(Statuses.completed(job, 1, 1));
        gateway.awaitStatus(job, "COMPLETED");

        assertThat(driver.probes()).isPositive();
        assertThat(gateway.post(SHORT).statusCode()).isEqualTo(202);
    }

    @Test
    void holdsJobsWhileOpenAndRunsThemAfterwards() {
        restartHolding();
        driver.answers(FakeDriver.FAILS);
        driver.isReady(false);
        String first = gateway.submit(SHORT);
        await().until(() -> driver.submits().size() == 5);
        String held = gateway.submit(SHORT);
        assertThat(gateway.statusOf(held)).isEqualTo("SUBMITTED");

        driver.answers(FakeDriver.STARTS);
        driver.isReady(true);

        gateway.awaitStatus(held, "DISPATCHED");
        await().until(() -> driver.submits(held).size() == 1);
        assertThat(driver.submits(first)).extracting(SubmitRequest::getAttempt).containsOnly(1);
        await().until(() -> gateway.serviceBus().jobs().isEmpty());
        assertThat(gateway.serviceBus().deadJobs()).isEmpty();
    }

    @Test
    void waitsForBusyDriverWithoutOpening() {
        AtomicInteger left = new AtomicInteger(3);
        driver.answers(request ->
                left.getAndDecrement() > 0 ? FakeDriver.IS_BUSY.apply(request) : FakeDriver.STARTS.apply(request));
        String job = gateway.submit(SHORT);

        await().atMost(Duration.ofSeconds(30)).until(() -> driver.submits(job).size() == 4);
        assertThat(driver.submits(job)).extracting(SubmitRequest::getAttempt).containsOnly(1);
        assertThat(gateway.post(SHORT).statusCode()).isEqualTo(202);
        assertThat(driver.probes()).isZero();
    }

    @Test
    void failsRejectedJobWithTheDriversReason() {
        driver.answers(request -> FakeDriver.reply(Outcome.REJECTED, "no such class: Nothing"));
        String job = gateway.submit(SHORT);

        assertThat(gateway.awaitStatus(job, "FAILED").get("message").asText()).contains("no such class: Nothing");
        assertThat(driver.submits(job)).hasSize(1);
        assertThat(gateway.post(SHORT).statusCode()).isEqualTo(202);
    }

    @Test
    void tellsTheDriverOfWishToCancelThatCameDuringHandover() {
        restartHolding();
        driver.answers(FakeDriver.FAILS);
        driver.isReady(false);
        String job = gateway.submit(SHORT);
        await().until(() -> driver.submits(job).size() == 5);
        assertThat(gateway.http().delete("/jobs/" + job).statusCode()).isEqualTo(202);
        int before = driver.cancels().size();

        driver.answers(FakeDriver.STARTS);
        driver.isReady(true);

        await().until(() ->
                driver.cancels().size() > before || gateway.statusOf(job).equals("CANCELLED"));
    }

    @Test
    void cancelsQueuedJobAtOnceAndNeverHandsItOver() {
        driver.answers(FakeDriver.IS_BUSY);
        String first = gateway.submit(SHORT);
        await().until(() -> !driver.submits(first).isEmpty());
        String queued = gateway.submit(SHORT);

        HttpResponse<String> answer = gateway.http().delete("/jobs/" + queued);
        assertThat(TestHttp.json(answer).get("status").asText()).isEqualTo("CANCELLED");

        driver.answers(FakeDriver.STARTS);
        String last = gateway.submit(SHORT);
        await().until(() -> !driver.submits(last).isEmpty());
        assertThat(driver.submits(queued)).isEmpty();
        assertThat(gateway.statusOf(queued)).isEqualTo("CANCELLED");
    }
}
