package org.raygateway.servicebus.embedded;

import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
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
    private static final Symbol SESSION_FILTER = Symbol.valueOf("com.microsoft:session-filter");

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
        link.setMaxMessageSize(UnsignedLong.valueOf(broker.limits().maxMessageBytes()));
        if (link instanceof Receiver receiver) {
            String path = EntityPath.of(target(receiver).getAddress());
            authorize(path);
            return path.equals(CBS) || path.endsWith(EntityPath.MANAGEMENT_SUFFIX)
                    ? attachRequests(receiver, path)
                    : attachPublisher(receiver, path);
        }
        Sender sender = (Sender) link;
        String path = EntityPath.of(source(sender).getAddress());
        authorize(path);
        return path.equals(CBS) || path.endsWith(EntityPath.MANAGEMENT_SUFFIX)
                ? attachReplies(sender, path)
                : attachReceiver(sender, path);
    }

    private void authorize(String path) {
        if (!path.equals(CBS) && !scopes.allows(path, broker.timers().now())) {
            throw new AmqpException(
                    Condition.UNAUTHORIZED,
                    "Unauthorized access to '" + path
                            + "': put a valid token for it to $cbs on this connection first.");
        }
    }

    private BrokerLink attachRequests(Receiver receiver, String path) {
        RequestNode node = path.equals(CBS)
                ? new CbsNode(broker.tokens(), scopes, broker.timers())
                : broker.management(managed(path));
        IncomingMessages incoming = open(receiver);
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
        String entityPath = path.substring(0, path.length() - EntityPath.MANAGEMENT_SUFFIX.length());
        Entity entity = broker.namespace().entity(entityPath);
        if (entity == null) {
            throw notFound(entityPath);
        }
        return entity;
    }

    private BrokerLink attachPublisher(Receiver receiver, String path) {
        Entity entity = broker.namespace().entity(path);
        if (entity == null) {
            throw notFound(path);
        }
        if (!broker.namespace().isSendable(path)) {
            throw new AmqpException(
                    Condition.NOT_ALLOWED, "Messages cannot be sent to '" + path + "': send to a queue or a topic.");
        }
        return new PublishLink(entity, broker.context().codec, open(receiver));
    }

    private BrokerLink attachReceiver(Sender sender, String path) {
        MessageQueue queue = broker.namespace().queue(path);
        if (queue == null && broker.namespace().topic(path) != null) {
            throw new AmqpException(
                    Condition.NOT_ALLOWED,
                    "Messages cannot be received from topic '" + path + "': use a subscription.");
        }
        if (queue == null) {
            throw notFound(path);
        }
        Map<?, ?> filter = source(sender).getFilter();
        if (filter != null && filter.containsKey(SESSION_FILTER)) {
            throw new AmqpException(
                    Condition.NOT_ALLOWED, "'" + path + "' has no sessions; receive from it without a session.");
        }
        ReceiveLink link = new ReceiveLink(connection, broker.context(), queue, sender);
        link.open();
        return link;
    }

    private IncomingMessages open(Receiver receiver) {
        IncomingMessages incoming =
                new IncomingMessages(receiver, broker.limits().maxMessageBytes());
        incoming.open();
        return incoming;
    }

    private static Target target(Receiver receiver) {
        if (receiver.getRemoteTarget() instanceof Target target) {
            return target;
        }
        throw new AmqpException(
                Condition.NOT_IMPLEMENTED,
                "A sending link needs an entity as its target; transactions are not supported.");
    }

    private static Source source(Sender sender) {
        if (sender.getRemoteSource() instanceof Source source) {
            return source;
        }
        throw new AmqpException(Condition.NOT_IMPLEMENTED, "A receiving link needs an entity as its source.");
    }

    private static AmqpException notFound(String path) {
        return new AmqpException(Condition.NOT_FOUND, "The messaging entity '" + path + "' could not be found.");
    }
}
