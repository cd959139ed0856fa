package org.raygateway.servicebus.embedded;

import org.raygateway.servicebus.embedded.MessageLog.LogException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker's state and its way back from a failed commit. Touched by the event loop only. */
final class Broker {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    private final EmbeddedServiceBusLimits limits;
    private final EntityConfiguration configuration;
    private final TokenCheck tokens;
    private final MessageLog log;
    private final MessageCodec codec;
    private Timers timers;
    private BrokerContext context;
    private Namespace namespace;

    Broker(
            EmbeddedServiceBusLimits limits,
            EntityConfiguration configuration,
            MessageLog log,
            MessageCodec codec,
            TokenCheck tokens) {
        this.limits = limits;
        this.configuration = configuration;
        this.tokens = tokens;
        this.log = log;
        this.codec = codec;
        reload();
    }

    /** Replaces all state by what the log has. Connections made before must be gone: they hold on to the old state. */
    private void reload() {
        timers = new Timers(System::currentTimeMillis);
        context = new BrokerContext(timers, log, codec, limits);
        namespace = new Namespace(context, configuration);
    }

    /** @return false when storage still does not work */
    boolean recover() {
        try {
            log.discard();
            reload();
            LOG.info("The embedded Service Bus works again, from its last committed state");
            return true;
        } catch (LogException e) {
            LOG.error("The embedded Service Bus cannot read its data file", e);
            return false;
        }
    }

    /** Makes the turn's changes durable; throws {@link LogException} when they are not. */
    void commit() {
        log.commit();
    }

    EmbeddedServiceBusLimits limits() {
        return limits;
    }

    TokenCheck tokens() {
        return tokens;
    }

    Timers timers() {
        return timers;
    }

    BrokerContext context() {
        return context;
    }

    Namespace namespace() {
        return namespace;
    }

    RequestNode management(Entity entity) {
        return new ManagementNode(context, entity, namespace.subscription(entity.path()), limits.maxMessageBytes());
    }
}
