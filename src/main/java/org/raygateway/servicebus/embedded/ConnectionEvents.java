package org.raygateway.servicebus.embedded;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.qpid.proton.engine.Connection;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Event;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Session;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** Answers what the protocol engine reports about one connection: its opening, sessions, links and deliveries. */
final class ConnectionEvents {

    /** A promise in frames rather than memory: what arrives is taken off at once, and sizes are bounded by link. */
    private static final int SESSION_WINDOW_BYTES = 64 << 20;

    /** Before a client has shown that it may come in it needs two, to {@code $cbs} and back. */
    private static final int MAX_STRANGERS_LINKS = 8;

    private final AmqpConnection connection;
    private final int maxLinks;
    private final AuthorizedScopes scopes = new AuthorizedScopes();
    private final LinkAttacher attacher;
    private final Set<Link> links = new LinkedHashSet<>();
    private int sessions;

    ConnectionEvents(AmqpConnection connection, Broker broker) {
        this.connection = connection;
        this.maxLinks = broker.limits().maxLinksPerConnection();
        this.attacher = new LinkAttacher(connection, broker, scopes);
    }

    boolean isAuthorized() {
        return !scopes.isEmpty();
    }

    /** The client has shown the key itself. */
    void authorizeAll() {
        scopes.grant("", Long.MAX_VALUE);
    }

    void handle(Event event) {
        switch (event.getType()) {
            case CONNECTION_REMOTE_OPEN -> {
                event.getConnection().open();
                connection.tick();
            }
            case CONNECTION_REMOTE_CLOSE -> closeConnection(event.getConnection());
            case SESSION_REMOTE_OPEN -> openSession(event.getSession());
            case SESSION_REMOTE_CLOSE -> closeSession(event.getSession());
            case LINK_REMOTE_OPEN -> openLink(event.getLink());
            case LINK_REMOTE_CLOSE -> closeLink(event.getLink(), false);
            case LINK_REMOTE_DETACH -> closeLink(event.getLink(), true);
            case LINK_FLOW -> {
                if (event.getLink().getContext() instanceof BrokerLink link) {
                    link.onFlow();
                }
            }
            case DELIVERY -> deliver(event);
            default -> {
                // Local events and transport states need no answer.
            }
        }
    }

    private void closeConnection(Connection closed) {
        closeLinks();
        closed.close();
    }

    private void openSession(Session session) {
        if (++sessions > maxLinks) {
            throw new AmqpException(Condition.RESOURCE_LIMIT, "A connection can have " + maxLinks + " sessions.");
        }
        session.setIncomingCapacity(SESSION_WINDOW_BYTES);
        session.open();
    }

    private void closeSession(Session session) {
        sessions--;
        for (Link link : Set.copyOf(links)) {
            if (link.getSession() == session) {
                forget(link);
            }
        }
        session.close();
        session.free();
    }

    private void openLink(Link link) {
        link.setSenderSettleMode(link.getRemoteSenderSettleMode());
        link.setReceiverSettleMode(link.getRemoteReceiverSettleMode());
        try {
            int allowed = isAuthorized() ? maxLinks : Math.min(maxLinks, MAX_STRANGERS_LINKS);
            if (links.size() >= allowed) {
                throw new AmqpException(
                        Condition.RESOURCE_LIMIT,
                        "A connection can have " + maxLinks + " links, and until it has put a token "
                                + MAX_STRANGERS_LINKS + ".");
            }
            link.setContext(attacher.attach(link));
            links.add(link);
        } catch (AmqpException e) {
            // AMQP 1.0, 2.6.3: a refused link is attached without a terminus, then detached with the error.
            link.setSource(null);
            link.setTarget(null);
            link.open();
            link.setCondition(e.toErrorCondition());
            link.close();
        }
    }

    private void deliver(Event event) {
        Link link = event.getDelivery().getLink();
        if (link.getContext() instanceof BrokerLink broker) {
            try {
                broker.onDelivery(event.getDelivery());
            } catch (AmqpException e) {
                link.setCondition(e.toErrorCondition());
                link.close();
                forget(link);
            }
        }
    }

    private void closeLink(Link link, boolean detached) {
        forget(link);
        if (link.getLocalState() == EndpointState.ACTIVE) {
            if (detached) {
                link.detach();
            } else {
                link.close();
            }
        }
        link.free();
    }

    private void forget(Link link) {
        links.remove(link);
        if (link.getContext() instanceof BrokerLink broker) {
            link.setContext(null);
            broker.onClosed();
        }
    }

    void closeLinks() {
        Set.copyOf(links).forEach(this::forget);
    }
}
