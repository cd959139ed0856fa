package org.raygateway.http;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpServerOptions;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.raygateway.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of one port: bounded in number, in all and from one address, and swept of those that let things hang. */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final SparseLog MALFORMED = new SparseLog(LOG);
    private static final SparseLog TOO_MANY = new SparseLog(LOG);

    private final RequestGuard guard;
    private final ConnectionLimits limits;
    private final Set<ClientConnection> open = ConcurrentHashMap.newKeySet();
    private final Map<Object, Integer> peers = new ConcurrentHashMap<>();

    Connections(RequestGuard guard, ConnectionLimits limits) {
        this.guard = guard;
        this.limits = limits;
    }

    RequestGuard guard() {
        return guard;
    }

    /** On the connection's event loop, before its first byte. */
    void enter(Channel channel, HttpServerOptions options) {
        ClientConnection connection = ClientConnection.enter(this, channel, options);
        open.add(connection);
        int fromPeer = peers.merge(peer(connection), 1, Integer::sum);
        if (fromPeer > limits.maxPerPeer()) {
            TOO_MANY.say("One connection more than `gateway.http.max-connections-per-peer` allows", connection.peer());
            connection.leave(full(429, "Too many connections", "Your address has"), true);
        } else if (open.size() > limits.maxConnections()) {
            TOO_MANY.say("One connection more than `gateway.http.max-connections` allows", connection.peer());
            connection.leave(full(503, "Service unavailable", "The gateway has"), true);
        }
    }

    private static Problem full(int status, String title, String who) {
        return Problem.of(status, title, who + " as many connections as may be; try again shortly.")
                .withHeader("Retry-After", "1");
    }

    void left(ClientConnection connection) {
        if (open.remove(connection)) {
            peers.computeIfPresent(peer(connection), (peer, count) -> count == 1 ? null : count - 1);
        }
    }

    /** An IPv6 host may have all addresses of its network. */
    private static Object peer(ClientConnection connection) {
        InetAddress address = connection.peer();
        if (address instanceof Inet6Address) {
            return ByteBuffer.wrap(address.getAddress()).getLong();
        }
        return address == null ? "unknown" : address;
    }

    void malformed(ClientConnection connection) {
        MALFORMED.say("Malformed request", connection.peer());
    }

    void sweep() {
        long now = System.nanoTime();
        long unread = 0;
        for (ClientConnection connection : open) {
            unread += connection.sweep(now, limits);
        }
        if (unread > limits.maxUnreadBytes()) {
            cutSlowest();
        }
    }

    /** Half of those who do not read, the slowest first: what they leave in memory is more than all may. */
    private void cutSlowest() {
        List<ClientConnection> slow = open.stream()
                .filter(connection -> connection.unreadSince() != 0)
                .sorted(Comparator.comparingLong(ClientConnection::unreadSince))
                .toList();
        slow.subList(0, (slow.size() + 1) / 2).forEach(ClientConnection::cut);
    }
}
