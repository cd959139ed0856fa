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
    private static final String LOOPBACK = "127.0.0.1";

    private final List<ManagedChannel> open = new ArrayList<>();

    ManagedChannel plain(int port) {
        return plain(LOOPBACK, port);
    }

    ManagedChannel plain(String address, int port) {
        return open(address, port, InsecureChannelCredentials.create());
    }

    ManagedChannel tls(int port) {
        // Mesh certificates name services, not hosts; whether the server asks its client for one is what matters here.
        return open(
                LOOPBACK,
                port,
                TlsChannelCredentials.newBuilder()
                        .trustManager(InsecureTrustManagerFactory.INSTANCE.getTrustManagers())
                        .build());
    }

    private ManagedChannel open(String address, int port, ChannelCredentials credentials) {
        ManagedChannel channel =
                Grpc.newChannelBuilderForAddress(address, port, credentials).build();
        open.add(channel);
        return channel;
    }

    @Override
    public void close() {
        open.forEach(ManagedChannel::shutdownNow);
    }
}
