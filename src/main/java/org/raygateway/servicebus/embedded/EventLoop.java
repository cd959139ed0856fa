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
import org.raygateway.logging.Outage;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.raygateway.servicebus.embedded.MessageLog.LogException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The broker's one thread. A turn reads every socket that has something, runs what is due, hands messages out, commits once,
 * and only then writes. So nothing a client takes for an acknowledgement is ahead of the disk, and a busy turn shares its
 * commit among all its messages.
 */
final class EventLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final long ACCEPT_PAUSE_MILLIS = 100;

    private final Broker broker;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final SelectionKey accepting;
    private final int port;
    private final int maxConnections;
    private final Set<AmqpConnection> connections = new HashSet<>();
    private final Set<AmqpConnection> toFlush = new LinkedHashSet<>();
    private final StorageRecovery storage;
    private final Outage refusals = new Outage(LOG, Level.WARN);
    private volatile boolean stopping;
    private volatile String fatal;

    /** @throws UncheckedIOException when the port is taken */
    EventLoop(Broker broker, int requestedPort) {
        this.broker = broker;
        this.maxConnections = broker.limits().maxConnections();
        this.storage = new StorageRecovery(broker);
        try {
            selector = Selector.open();
            server = ServerSocketChannel.open();
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), requestedPort));
            server.configureBlocking(false);
            accepting = server.register(selector, SelectionKey.OP_ACCEPT);
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

    /** Why it serves nobody and what to do, or null while it does serve. */
    String trouble() {
        return fatal != null ? fatal : storage.trouble();
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
            fatal = "The embedded Service Bus has stopped after a failure that the log tells of. Restart the gateway";
        } finally {
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
                refusals.failed("A connection was refused: " + maxConnections + " are open, and that is the limit");
                channel.close();
                return;
            }
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            AmqpConnection connection = new AmqpConnection(channel, key, broker, toFlush);
            key.attach(connection);
            connections.add(connection);
            refusals.over("Connections are accepted again");
        } catch (IOException e) {
            pauseAccepting(e);
        }
    }

    /**
     * The turn's changes are lost, so no answer to them may leave: every connection is dropped as it stands, which clients
     * take for a broken connection and try again, and the state is read anew.
     */
    private void recover(LogException cause) {
        closeConnections();
        storage.begin(cause);
        while (!stopping && !storage.isOver()) {
            turnAway(storage.pauseMillis());
            storage.tryAgain();
        }
    }

    /** Hangs up on whoever connects: clients learn at once that there is no service, and try again at their own pace. */
    private void turnAway(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        try {
            for (long left = millis; left > 0 && !stopping; left = (end - System.nanoTime()) / 1_000_000) {
                selector.select(left);
                selector.selectedKeys().clear();
                hangUpOnNext();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptAgain();
    }

    private void hangUpOnNext() {
        try (SocketChannel channel = server.accept()) {
            LOG.debug("Turned away: {}", channel);
        } catch (IOException e) {
            pauseAccepting(e);
        }
    }

    /** Without this a connection that cannot be taken, such as for want of file descriptors, keeps the selector busy for ever. */
    private void pauseAccepting(IOException cause) {
        refusals.failed("A connection could not be accepted: " + cause.getMessage());
        accepting.interestOps(0);
        broker.timers().schedule(broker.timers().now() + ACCEPT_PAUSE_MILLIS, this::acceptAgain);
    }

    private void acceptAgain() {
        accepting.interestOps(SelectionKey.OP_ACCEPT);
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
