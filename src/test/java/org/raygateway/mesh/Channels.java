package org.raygateway.mesh;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.ArrayList;
import java.util.List;

/** Channels to loopback ports, in clear and by TLS without a client's certificate; all are closed together. */
final class Channels implements AutoCloseable {
    private final List<ManagedChannel> open = new ArrayList<>();

    ManagedChannel plain(int port) {
        return open(port, InsecureChannelCredentials.create());
    }

    ManagedChannel tls(int port) {
        // Mesh certificates name services, not hosts; whether the server asks its client for one is what matters here.
        return open(
                port,
                TlsChannelCredentials.newBuilder()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE.getTrustManagers())
                        .build());
    }

    private ManagedChannel open(int port, ChannelCredentials credentials) {
        ManagedChannel channel =
                Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials).build();
        open.add(channel);
        return channel;
    }

    @Override
    public void close() {
        open.forEach(ManagedChannel::shutdownNow);
    }
}
