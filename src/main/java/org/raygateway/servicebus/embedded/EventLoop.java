package org.raygateway.servicebus.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.raygateway.servicebus.embedded.MessageLog.LogException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's one thread. A turn reads every socket that has something, runs what is due, hands messages out, commits once,
 * and only then writes. So nothing a client takes for an acknowledgement is ahead of the disk, and a busy turn shares its
 * commit among all its messages.
 */
final class EventLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final long RECOVERY_MILLIS = 1_000;

    private final Broker broker;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final int port;
    private final int maxConnections;
    private final Set<AmqpConnection> connections = new HashSet<>();
    private final Set<AmqpConnection> toFlush = new LinkedHashSet<>();
    private volatile boolean stopping;
    private volatile boolean healthy = true;

    /** @throws UncheckedIOException when the port is taken */
    EventLoop(Broker broker, int requestedPort) {
        this.broker = broker;
        this.maxConnections = broker.limits().maxConnections();
        try {
            selector = Selector.open();
            server = ServerSocketChannel.open();
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), requestedPort));
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            this.port = server.socket().getLocalPort();
        } catch (BindException e) {
            throw new UncheckedIOException(
                    "Port " + requestedPort + " on 127.0.0.1 is taken; choose another one, or 0 for any.", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on 127.0.0.1:" + requestedPort, e);
        }
    }

    int port() {
        return port;
    }

    boolean isHealthy() {
        return healthy && !stopping;
    }

    void stop() {
        stopping = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                turn();
            }
            sayGoodbye();
        } catch (IOException | RuntimeException | Error e) {
            LOG.error("The embedded Service Bus has stopped", e);
        } finally {
            healthy = false;
            closeAll();
        }
    }

    private void turn() throws IOException {
        select();
        broker.timers().runDue();
        endTurn();
    }

    private void select() throws IOException {
        long wait = broker.context().hasChanges() ? 0 : broker.timers().untilNext();
        if (wait == 0) {
            selector.selectNow();
        } else {
            selector.select(Math.max(wait, 0));
        }
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid() && key.isAcceptable()) {
                accept();
            } else if (key.isValid()) {
                ((AmqpConnection) key.attachment()).read();
            }
        }
        selector.selectedKeys().clear();
    }

    private void endTurn() {
        try {
            broker.context().dispatch();
            broker.commit();
        } catch (LogException e) {
            recover(e);
            return;
        }
        List<AmqpConnection> flushing = List.copyOf(toFlush);
        toFlush.clear();
        for (AmqpConnection connection : flushing) {
            connection.flush();
            if (connection.isDead()) {
                connection.abort();
                connections.remove(connection);
            }
        }
    }

    private void accept() {
        SocketChannel channel = null;
        try {
            channel = server.accept();
            if (channel == null) {
                return;
            }
            if (connections.size() >= maxConnections) {
                LOG.warn("A connection was refused: {} are open, and that is the limit", connections.size());
                channel.close();
                return;
            }
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            AmqpConnection connection = new AmqpConnection(channel, key, broker, toFlush);
            key.attach(connection);
            connections.add(connection);
        } catch (IOException e) {
            LOG.warn("A connection could not be accepted: {}", e.getMessage());
        }
    }

    /**
     * The turn's changes are lost, so no answer to them may leave: every connection is dropped as it stands, which clients
     * take for a broken connection and try again, and the state is read anew.
     */
    private void recover(LogException cause) {
        LOG.error("The embedded Service Bus could not commit; it drops {} connections", connections.size(), cause);
        healthy = false;
        closeConnections();
        while (!stopping && !broker.recover()) {
            pause();
        }
        healthy = true;
    }

    private void pause() {
        try {
            selector.select(RECOVERY_MILLIS);
            selector.selectedKeys().clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sayGoodbye() {
        for (AmqpConnection connection : connections) {
            connection.close(new AmqpException(Condition.CONNECTION_FORCED, "The broker is shutting down."));
        }
        endTurn();
    }

    private void closeConnections() {
        List<AmqpConnection> closing = new ArrayList<>(connections);
        connections.clear();
        toFlush.clear();
        closing.forEach(AmqpConnection::abort);
    }

    private void closeAll() {
        closeConnections();
        try {
            server.close();
            selector.close();
        } catch (IOException e) {
            LOG.warn("The embedded Service Bus did not close its port cleanly", e);
        }
    }
}
