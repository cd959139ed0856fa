package org.raygateway.ray.driver;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.function.Supplier;
import org.raygateway.driver.v1.CancelReply;
import org.raygateway.driver.v1.CancelRequest;
import org.raygateway.driver.v1.DescribeReply;
import org.raygateway.driver.v1.DescribeRequest;
import org.raygateway.driver.v1.HealthReply;
import org.raygateway.driver.v1.HealthRequest;
import org.raygateway.driver.v1.RayDriverGrpc;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver's gRPC contract over whatever transport serves it. Failures of Ray are UNAVAILABLE: to be tried again. */
final class RayDriverService extends RayDriverGrpc.RayDriverImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(RayDriverService.class);
    private static final int MOST_DESCRIBED = 1_000;

    private final DriverStart start;
    private final SubmitChecks checks;

    RayDriverService(DriverStart start, SubmitChecks checks) {
        this.start = start;
        this.checks = checks;
    }

    @Override
    public void submit(SubmitRequest request, StreamObserver<SubmitReply> observer) {
        Optional<String> refusal = checks.refusal(request);
        if (refusal.isPresent()) {
            observer.onNext(Replies.rejected(refusal.get()));
            observer.onCompleted();
            return;
        }
        try {
            start.executions().submit(request).whenComplete((reply, failure) -> {
                if (failure == null) {
                    observer.onNext(reply);
                    observer.onCompleted();
                } else {
                    observer.onError(unavailable("Ray could not start the execution"));
                }
            });
        } catch (IllegalStateException notReady) {
            observer.onError(unavailable(notReady.getMessage()));
        }
    }

    @Override
    public void cancel(CancelRequest request, StreamObserver<CancelReply> observer) {
        answer(observer, () -> CancelReply.newBuilder()
                .setFound(start.executions().cancel(request.getJobId()))
                .build());
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<DescribeReply> observer) {
        if (request.getJobIdCount() > MOST_DESCRIBED) {
            observer.onError(Status.INVALID_ARGUMENT
                    .withDescription("at most " + MOST_DESCRIBED + " jobs can be described at once, got "
                            + request.getJobIdCount())
                    .asRuntimeException());
            return;
        }
        answer(observer, () -> {
            Executions executions = start.executions();
            DescribeReply.Builder reply = DescribeReply.newBuilder();
            request.getJobIdList().forEach(job -> reply.addExecution(executions.describe(job)));
            return reply.build();
        });
    }

    @Override
    public void health(HealthRequest request, StreamObserver<HealthReply> observer) {
        answer(observer, start::health);
    }

    private static <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
        T reply;
        try {
            reply = work.get();
        } catch (RuntimeException failed) {
            LOG.warn("A call to the driver failed", failed);
            observer.onError(unavailable("the driver cannot answer now"));
            return;
        }
        observer.onNext(reply);
        observer.onCompleted();
    }

    private static RuntimeException unavailable(String reason) {
        return Status.UNAVAILABLE.withDescription(reason).asRuntimeException();
    }
}
