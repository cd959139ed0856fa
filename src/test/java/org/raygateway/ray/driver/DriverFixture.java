package org.raygateway.ray.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.raygateway.driver.v1.CancelRequest;
import org.raygateway.driver.v1.Computation;
import org.raygateway.driver.v1.Computation.Isolation;
import org.raygateway.driver.v1.DescribeRequest;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.HealthReply;
import org.raygateway.driver.v1.HealthRequest;
import org.raygateway.driver.v1.RayDriverGrpc;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitRequest;
import org.raygateway.job.JobId;
import org.raygateway.job.StatusEvent;
import org.raygateway.ray.computations.MonteCarlo;

/** A driver in this JVM with Ray in LOCAL mode, and a client of it. */
final class DriverFixture implements AutoCloseable {
    final RecordingPublisher published = new RecordingPublisher();
    private final RayDriverServer server;
    private final ManagedChannel channel;

    DriverFixture(RayDriverSettings settings) {
        String name = "driver-" + UUID.randomUUID();
        server = RayDriverServer.inProcess(name, settings, published);
        channel = InProcessChannelBuilder.forName(name).build();
        assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
    }

    static String newJob() {
        return JobId.next().toString();
    }

    static Computation.Builder computation(Class<?> type, Isolation isolation) {
        return Computation.newBuilder()
                .setName(type.getSimpleName())
                .setLanguage(Computation.Language.JAVA)
                .setEntryPoint(type.getName())
                .setIsolation(isolation)
                .setTimeoutMs(60_000)
                .setGraceMs(5_000);
    }

    static SubmitRequest.Builder request(String job, Computation.Builder computation, String parameters) {
        return SubmitRequest.newBuilder()
                .setJobId(job)
                .setAttempt(1)
                .setComputation(computation)
                .setParametersJson(parameters);
    }

    static SubmitRequest.Builder monteCarlo(String job, Isolation isolation) {
        return request(job, computation(MonteCarlo.class, isolation), "{\"iterations\": 10000, \"seed\": 1}");
    }

    RayDriverGrpc.RayDriverBlockingStub driver() {
        return RayDriverGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    RayDriverGrpc.RayDriverFutureStub futures() {
        return RayDriverGrpc.newFutureStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    SubmitReply submit(SubmitRequest.Builder request) {
        return driver().submit(request.build());
    }

    /** Tries until there is a place, and returns whether it was started. */
    SubmitReply submitWhenFree(SubmitRequest.Builder request) {
        return await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(20))
                .until(() -> submit(request), reply -> reply.getOutcome() != SubmitReply.Outcome.BUSY);
    }

    boolean cancel(String job) {
        return driver().cancel(CancelRequest.newBuilder().setJobId(job).build()).getFound();
    }

    Execution describe(String job) {
        return driver().describe(DescribeRequest.newBuilder().addJobId(job).build())
                .getExecution(0);
    }

    HealthReply health() {
        return driver().health(HealthRequest.getDefaultInstance());
    }

    StatusEvent awaitTerminal(String job) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(20))
                .until(() -> published.hasTerminal(job));
        return published.lastOf(job);
    }

    void awaitRunning(String job) {
        await().until(() -> !published.of(job).isEmpty());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
    }
}
