package org.raygateway.servicebus.embedded;

import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.engine.Link;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Sender;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** Decides what a client's attach means: to which entity or node it goes, and whether the connection may. */
final class LinkAttacher {

    private static final String CBS = "$cbs";
    /** For requests to {@code $cbs}, which strangers may send. */
    private static final int MAX_TOKEN_BYTES = 64 << 10;

    private final AmqpConnection connection;
    private final Broker broker;
    private final AuthorizedScopes scopes;
    private final ReplyLinks replies = new ReplyLinks();

    LinkAttacher(AmqpConnection connection, Broker broker, AuthorizedScopes scopes) {
        this.connection = connection;
        this.broker = broker;
        this.scopes = scopes;
    }

    /**
     * Opens the link and returns what handles it.
     *
     * @throws AmqpException when it is refused
     */
    BrokerLink attach(Link link) {
        link.setSource(Terminus.honoured(link.getRemoteSource()));
        link.setTarget(Terminus.honoured(link.getRemoteTarget()));
        link.setMaxMessageSize(UnsignedLong.valueOf(broker.limits().maxMessageBytes()));
        if (link instanceof Receiver receiver) {
            String path = EntityPath.of(Terminus.target(receiver).getAddress());
            authorize(path);
            return isNode(path) ? attachRequests(receiver, path) : attachPublisher(receiver, path);
        }
        Sender sender = (Sender) link;
        Source source = Terminus.source(sender);
        String path = EntityPath.of(source.getAddress());
        authorize(path);
        return isNode(path) ? attachReplies(sender, path) : attachReceiver(sender, source, path);
    }

    private static boolean isNode(String path) {
        return path.equals(CBS) || path.endsWith(EntityPath.MANAGEMENT_SUFFIX);
    }

    private void authorize(String path) {
        if (!path.equals(CBS) && !scopes.allows(path, broker.timers().now())) {
            throw new AmqpException(
                    Condition.UNAUTHORIZED,
                    "Unauthorized access to '" + path
                            + "': put a valid token for it to $cbs on this connection first, or log in with SASL PLAIN.");
        }
    }

    private BrokerLink attachRequests(Receiver receiver, String path) {
        boolean isCbs = path.equals(CBS);
        RequestNode node = isCbs
                ? new CbsNode(
                        broker.tokens(),
                        scopes,
                        broker.timers(),
                        entity -> broker.namespace().entity(entity) != null)
                : broker.management(managed(path));
        IncomingMessages incoming =
                open(receiver, isCbs ? MAX_TOKEN_BYTES : broker.limits().maxMessageBytes());
        return new RequestLink(receiver, path, node, replies, broker.context().codec, incoming);
    }

    private BrokerLink attachReplies(Sender sender, String path) {
        if (!path.equals(CBS)) {
            managed(path);
        }
        String target = sender.getRemoteTarget() instanceof Target named ? named.getAddress() : null;
        sender.open();
        return replies.add(sender, path, target);
    }

    private Entity managed(String path) {
        return require(EntityPath.withoutManagement(path));
    }

    private Entity require(String path) {
        Entity entity = broker.namespace().entity(path);
        if (entity == null) {
            throw AmqpException.notFound(path);
        }
        return entity;
    }

    private BrokerLink attachPublisher(Receiver receiver, String path) {
        Entity entity = require(path);
        if (!broker.namespace().isSendable(path)) {
            throw new AmqpException(
                    Condition.NOT_ALLOWED, "Messages cannot be sent to '" + path + "': send to a queue or a topic.");
        }
        return new PublishLink(
                entity, broker.context().codec, open(receiver, broker.limits().maxMessageBytes()));
    }

    private BrokerLink attachReceiver(Sender sender, Source source, String path) {
        require(path);
        MessageQueue queue = broker.namespace().queue(path);
        if (queue == null) {
            throw new AmqpException(
                    Condition.NOT_ALLOWED,
                    "Messages cannot be received from topic '" + path + "': use a subscription.");
        }
        Terminus.requireHonest(source, path);
        ReceiveLink link = new ReceiveLink(connection, broker.context(), queue, sender);
        link.open();
        return link;
    }

    private static IncomingMessages open(Receiver receiver, int maxBytes) {
        IncomingMessages incoming = new IncomingMessages(receiver, maxBytes);
        incoming.open();
        return incoming;
    }
}
