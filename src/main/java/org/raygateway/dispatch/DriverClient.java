package org.raygateway.dispatch;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.raygateway.catalogue.Computation;
import org.raygateway.catalogue.Isolation;
import org.raygateway.catalogue.Language;
import org.raygateway.driver.v1.CancelRequest;
import org.raygateway.driver.v1.DescribeRequest;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.HealthReply;
import org.raygateway.driver.v1.HealthRequest;
import org.raygateway.driver.v1.RayDriverGrpc;
import org.raygateway.driver.v1.RayDriverGrpc.RayDriverBlockingStub;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitRequest;
import org.raygateway.job.JobId;

/** Calls the Ray driver, every call with a deadline. Failures surface as {@link RayUnavailableException}. */
public final class DriverClient implements AutoCloseable {
    private final ManagedChannel channel;
    private final RayDriverBlockingStub stub;
    private final DispatchSettings settings;

    /** @param channel in-process or through the mesh; closed with this client */
    public DriverClient(ManagedChannel channel, DispatchSettings settings) {
        this.channel = channel;
        this.stub = RayDriverGrpc.newBlockingStub(channel);
        this.settings = settings;
    }

    SubmitReply submit(Attempt attempt) {
        SubmitRequest request = SubmitRequest.newBuilder()
                .setJobId(attempt.job().id().toString())
                .setAttempt(attempt.job().attempt())
                .setComputation(describe(attempt.computation()))
                .setParametersJson(attempt.job().parameters())
                .setTraceparent(attempt.job().traceparent())
                .build();
        return call("submit", driver -> driver.submit(request));
    }

    /** @return whether the driver has a live execution of the job */
    public boolean cancel(JobId id) {
        CancelRequest request =
                CancelRequest.newBuilder().setJobId(id.toString()).build();
        return call("cancel", driver -> driver.cancel(request)).getFound();
    }

    /** @return one execution for each id */
    public List<Execution> describe(Collection<JobId> ids) {
        DescribeRequest request = DescribeRequest.newBuilder()
                .addAllJobId(ids.stream().map(JobId::toString).toList())
                .build();
        return call("describe", driver -> driver.describe(request)).getExecutionList();
    }

    public HealthReply health() {
        // After a long outage the channel would wait up to two minutes before it connects again.
        channel.resetConnectBackoff();
        return call("health", driver -> driver.health(HealthRequest.getDefaultInstance()));
    }

    private <R> R call(String what, Function<RayDriverBlockingStub, R> call) {
        Duration deadline = settings.driverTimeout();
        try {
            return call.apply(stub.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException failure) {
            throw new RayUnavailableException(
                    "the driver failed to " + what + ": " + failure.getStatus().getCode(), failure);
        }
    }

    private static org.raygateway.driver.v1.Computation describe(Computation computation) {
        return org.raygateway.driver.v1.Computation.newBuilder()
                .setName(computation.name())
                .setLanguage(
                        computation.language() == Language.PYTHON
                                ? org.raygateway.driver.v1.Computation.Language.PYTHON
                                : org.raygateway.driver.v1.Computation.Language.JAVA)
                .setEntryPoint(computation.entryPoint())
                .setIsolation(
                        computation.isolation() == Isolation.POOLED
                                ? org.raygateway.driver.v1.Computation.Isolation.POOLED
                                : org.raygateway.driver.v1.Computation.Isolation.DEDICATED)
                .setCpus(computation.resources().cpus())
                .setGpus(computation.resources().gpus())
                .setMemoryBytes(computation.resources().memory())
                .setTimeoutMs(computation.timeout().toMillis())
                .setGraceMs(computation.grace().toMillis())
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
