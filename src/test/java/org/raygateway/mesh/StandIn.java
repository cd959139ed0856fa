package org.raygateway.mesh;

import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.raygateway.driver.v1.HealthReply;
import org.raygateway.driver.v1.HealthRequest;
import org.raygateway.driver.v1.RayDriverGrpc;

/** A gRPC server on loopback in the place of the driver, or of Ray's GCS: it answers every unary call, whatever its name. */
final class StandIn implements AutoCloseable {
    private final Server server;
    private final Set<String> called = ConcurrentHashMap.newKeySet();

    StandIn(int port) throws IOException {
        this("127.0.0.1", port);
    }

    StandIn(String address, int port) throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(address, port))
                .addService(new Driver())
                .addService(new HealthStatusManager().getHealthService())
                .fallbackHandlerRegistry(new Anything())
                .build()
                .start();
    }

    /** Full names, such as {@code ray.rpc.JobInfoGcsService/AddJob}, of the calls of no known service that arrived. */
    Set<String> called() {
        return called;
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Driver extends RayDriverGrpc.RayDriverImplBase {
        @Override
        public void health(HealthRequest request, StreamObserver<HealthReply> replies) {
            replies.onNext(HealthReply.newBuilder().setReady(true).build());
            replies.onCompleted();
        }
    }

    private final class Anything extends HandlerRegistry {
        @Override
        public ServerMethodDefinition<?, ?> lookupMethod(String method, String authority) {
            return ServerMethodDefinition.create(
                    Calls.method(method, MethodDescriptor.MethodType.UNARY),
                    ServerCalls.asyncUnaryCall((request, replies) -> {
                        called.add(method);
                        replies.onNext(request);
                        replies.onCompleted();
                    }));
        }
    }
}
