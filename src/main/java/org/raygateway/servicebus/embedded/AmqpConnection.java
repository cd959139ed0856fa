package org.raygateway.servicebus.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.qpid.proton.Proton;
import org.apache.qpid.proton.engine.Collector;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Event;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Session;
import org.apache.qpid.proton.engine.Transport;
import org.apache.qpid.proton.engine.TransportException;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.raygateway.servicebus.embedded.Timers.Timer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's socket and its protocol engine. Reading changes the broker's state and fills the engine; nothing is written
 * until the event loop calls {@link #flush} after the turn's commit.
 */
final class AmqpConnection {

    private static final Logger LOG = LoggerFactory.getLogger(AmqpConnection.class);
    private static final int MAX_FRAME_BYTES = 64 << 10;
    /** What one connection may read in a turn before others get theirs. */
    private static final int READ_BUDGET = 512 << 10;
    /** Bytes waiting in the engine for a slow reader, for each session. */
    private static final int MAX_WAITING_BYTES = 1 << 20;

    private static final long CLOSE_MILLIS = 5_000;
    private static final long TICK_MILLIS = 10_000;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Timers timers;
    private final Set<AmqpConnection> toFlush;
    private final Transport transport = Proton.transport();
    private final Connection connection = Proton.connection();
    private final Collector collector = Proton.collector();
    private final ConnectionEvents events;
    private final List<Runnable> whenDrained = new ArrayList<>();
    private final Set<Timer> pendingTimers = new LinkedHashSet<>();
    private Timer tickTimer;
    /** The input made no sense, or the login failed; what the engine has to say about it is still written. */
    private boolean failed;

    private boolean dead;

    AmqpConnection(SocketChannel channel, SelectionKey key, Broker broker, Set<AmqpConnection> toFlush) {
        this.channel = channel;
        this.key = key;
        this.timers = broker.timers();
        this.toFlush = toFlush;
        EmbeddedServiceBusLimits limits = broker.limits();
        transport.setMaxFrameSize(MAX_FRAME_BYTES);
        transport.setChannelMax(limits.maxLinksPerConnection());
        transport.setIdleTimeout(
                (int) Math.min(Integer.MAX_VALUE, limits.idleTimeout().toMillis()));
        transport.setEmitFlowEventOnSend(false);
        Sasl sasl = transport.sasl();
        sasl.server();
        sasl.setMechanisms(SaslGate.MECHANISMS);
        connection.setContainer("embedded-service-bus");
        connection.collect(collector);
        transport.bind(connection);
        events = new ConnectionEvents(this, broker);
        sasl.setListener(new SaslGate(broker.tokens(), events::authorizeAll, () -> failed = true));
        after(limits.handshakeTimeout().toMillis(), () -> {
            if (!events.isAuthorized()) {
                close(new AmqpException(
                        Condition.UNAUTHORIZED,
                        "Neither a key nor a valid token came within " + limits.handshakeTimeout() + "."));
            }
        });
        tick();
    }

    private void after(long millis, Runnable action) {
        pendingTimers.add(timers.schedule(timers.now() + millis, action));
    }

    /** Reads what has come, as far as the budget goes, and acts on it. */
    void read() {
        try {
            int budget = READ_BUDGET;
            while (budget > 0 && !failed && transport.capacity() > 0) {
                int count = channel.read(transport.tail());
                if (count < 0) {
                    dead = true;
                }
                if (count <= 0) {
                    break;
                }
                budget -= count;
                transport.process();
            }
        } catch (RuntimeException | StackOverflowError e) {
            // Besides its own exception the engine's decoder lets others through, and deep nesting exhausts the stack.
            LOG.debug("Bad input from an AMQP client: {}", e.getMessage());
            failed = true;
        } catch (IOException e) {
            dead = true;
        }
        handleEvents();
        touch();
    }

    private void handleEvents() {
        for (Event event = collector.peek(); event != null; event = collector.peek()) {
            try {
                events.handle(event);
            } catch (AmqpException e) {
                close(e);
            } catch (RuntimeException | StackOverflowError e) {
                LOG.error("An AMQP connection failed and is closed", e);
                close(new AmqpException(Condition.INTERNAL_ERROR, "The broker failed to handle this connection."));
            }
            collector.pop();
        }
    }

    /** Has the connection flushed at the end of the turn. */
    void touch() {
        toFlush.add(this);
    }

    /** Writes what the engine has; a full socket is taken up again when it becomes writable. */
    void flush() {
        handleEvents();
        boolean full = false;
        try {
            int pending = transport.pending();
            while (pending > 0 && !full) {
                ByteBuffer head = transport.head();
                int written = channel.write(head);
                transport.pop(written);
                full = written < pending;
                pending = transport.pending();
            }
            dead |= pending < 0 || failed && !full;
        } catch (IOException | TransportException e) {
            dead = true;
        }
        if (!dead) {
            int interest = full ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
            if (key.interestOps() != interest) {
                key.interestOps(interest);
            }
            if (!full && !whenDrained.isEmpty()) {
                List<Runnable> waiting = List.copyOf(whenDrained);
                whenDrained.clear();
                waiting.forEach(Runnable::run);
            }
        }
    }

    /** True while the session holds more than a slow reader should make the broker keep. */
    boolean isClogged(Session session) {
        return session.getOutgoingBytes() >= MAX_WAITING_BYTES;
    }

    /** Runs the action after a flush that left the socket writable. */
    void whenDrained(Runnable action) {
        whenDrained.add(action);
    }

    /** Tells the client why, and gives it some seconds to answer before the socket is closed. */
    void close(AmqpException reason) {
        if (connection.getRemoteState() == EndpointState.UNINITIALIZED) {
            // Without an open from the client there is no one to tell.
            failed = true;
        }
        connection.setCondition(reason.toErrorCondition());
        connection.open();
        connection.close();
        after(CLOSE_MILLIS, () -> {
            dead = true;
            touch();
        });
        touch();
    }

    /** Lets the engine send heartbeats and notice silence. */
    void tick() {
        timers.cancel(tickTimer);
        long now = System.nanoTime() / 1_000_000;
        long deadline = transport.tick(now);
        long wait = deadline == 0 ? TICK_MILLIS : Math.min(TICK_MILLIS, Math.max(50, deadline - now));
        tickTimer = timers.schedule(timers.now() + wait, this::tick);
        touch();
    }

    boolean isDead() {
        return dead;
    }

    /** Drops the socket and everything attached to it, writing nothing more. */
    void abort() {
        dead = true;
        timers.cancel(tickTimer);
        pendingTimers.forEach(timers::cancel);
        events.closeLinks();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing a socket failed", e);
        }
    }
}
