package org.raygateway;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.raygateway.driver.v1.CancelReply;
import org.raygateway.driver.v1.CancelRequest;
import org.raygateway.driver.v1.DescribeReply;
import org.raygateway.driver.v1.DescribeRequest;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.HealthReply;
import org.raygateway.driver.v1.HealthRequest;
import org.raygateway.driver.v1.RayDriverGrpc.RayDriverImplBase;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitReply.Outcome;
import org.raygateway.driver.v1.SubmitRequest;

/** A Ray driver that runs nothing and answers as the test says. */
public final class FakeDriver extends RayDriverImplBase implements AutoCloseable {
    /** Answers to submissions; one that gives null leaves the caller waiting. */
    public static final Function<SubmitRequest, SubmitReply> STARTS = request -> reply(Outcome.STARTED, "");

    public static final Function<SubmitRequest, SubmitReply> IS_BUSY = request -> reply(Outcome.BUSY, "");
    public static final Function<SubmitRequest, SubmitReply> HANGS = request -> null;
    public static final Function<SubmitRequest, SubmitReply> FAILS = request -> {
        throw Status.UNAVAILABLE.withDescription("as told").asRuntimeException();
    };

    private final List<SubmitRequest> submits = new CopyOnWriteArrayList<>();
    private final List<String> cancels = new CopyOnWriteArrayList<>();
    private final List<HealthRequest> probes = new CopyOnWriteArrayList<>();
    private final Map<String, Execution> executions = new ConcurrentHashMap<>();
    private final Server server;
    private volatile Function<SubmitRequest, SubmitReply> answer = STARTS;
    private volatile Function<SubmitRequest, Execution> others = submit -> unknown(submit.getJobId());
    private volatile boolean ready = true;

    private FakeDriver() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(this)
                .build()
                .start();
    }

    public static FakeDriver start() {
        try {
            return new FakeDriver();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public static SubmitReply reply(Outcome outcome, String reason) {
        return SubmitReply.newBuilder().setOutcome(outcome).setReason(reason).build();
    }

    /** Names and values of the properties that lead a gateway here. */
    public String[] properties(String... more) {
        String[] all = new String[more.length + 4];
        all[0] = "gateway.ray.mode";
        all[1] = "cluster";
        all[2] = "gateway.driver.address";
        all[3] = "127.0.0.1:" + server.getPort();
        System.arraycopy(more, 0, all, 4, more.length);
        return all;
    }

    public void answers(Function<SubmitRequest, SubmitReply> toSubmit) {
        answer = toSubmit;
    }

    /** What it says when asked for its health. */
    public void isReady(boolean now) {
        ready = now;
    }

    /** What it says when asked for a job. */
    public void knows(Execution execution) {
        executions.put(execution.getJobId(), execution);
    }

    /** What it says when asked for any other job that was submitted, given its last submission. */
    public void knowsOfOthers(Function<SubmitRequest, Execution> last) {
        others = last;
    }

    public List<SubmitRequest> submits() {
        return submits;
    }

    public List<SubmitRequest> submits(String job) {
        return submits.stream().filter(submit -> submit.getJobId().equals(job)).toList();
    }

    public List<String> cancels() {
        return cancels;
    }

    public int probes() {
        return probes.size();
    }

    @Override
    public void submit(SubmitRequest request, StreamObserver<SubmitReply> to) {
        submits.add(request);
        try {
            SubmitReply reply = answer.apply(request);
            if (reply != null) {
                to.onNext(reply);
                to.onCompleted();
            }
        } catch (RuntimeException failure) {
            to.onError(failure);
        }
    }

    @Override
    public void cancel(CancelRequest request, StreamObserver<CancelReply> to) {
        cancels.add(request.getJobId());
        to.onNext(CancelReply.newBuilder()
                .setFound(!submits(request.getJobId()).isEmpty())
                .build());
        to.onCompleted();
    }

    @Override
    public void describe(DescribeRequest request, StreamObserver<DescribeReply> to) {
        DescribeReply.Builder reply = DescribeReply.newBuilder();
        for (String job : request.getJobIdList()) {
            reply.addExecution(executions.containsKey(job) ? executions.get(job) : other(job));
        }
        to.onNext(reply.build());
        to.onCompleted();
    }

    private Execution other(String job) {
        List<SubmitRequest> known = submits(job);
        return known.isEmpty() ? unknown(job) : others.apply(known.get(known.size() - 1));
    }

    private static Execution unknown(String job) {
        return Execution.newBuilder()
                .setJobId(job)
                .setState(Execution.State.UNKNOWN)
                .build();
    }

    @Override
    public void health(HealthRequest request, StreamObserver<HealthReply> to) {
        probes.add(request);
        to.onNext(HealthReply.newBuilder().setReady(ready).setReason("as told").build());
        to.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
