package org.raygateway.mesh;

import com.google.protobuf.Empty;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.TimeUnit;

/** Single gRPC calls by name, and the code they end with. */
final class Calls {
    static final String DRIVER_HEALTH = "raygateway.driver.v1.RayDriver/Health";
    static final String HEALTH_CHECK = "grpc.health.v1.Health/Check";

    private Calls() {}

    static Status.Code call(Channel channel, String method) {
        try {
            ClientCalls.blockingUnaryCall(
                    channel,
                    method(method, MethodDescriptor.MethodType.UNARY),
                    CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS),
                    Empty.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException failed) {
            return failed.getStatus().getCode();
        }
    }

    static MethodDescriptor<Empty, Empty> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.newBuilder(
                        ProtoUtils.marshaller(Empty.getDefaultInstance()),
                        ProtoUtils.marshaller(Empty.getDefaultInstance()))
                .setType(type)
                .setFullMethodName(name)
                .build();
    }
}
