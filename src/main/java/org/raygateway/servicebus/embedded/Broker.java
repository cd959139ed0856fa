package org.raygateway.servicebus.embedded;

import java.util.Set;
import org.raygateway.servicebus.embedded.MessageLog.LogException;

/** The broker's state and its way back from a failed commit. Touched by the event loop only. */
final class Broker {

    private final EmbeddedServiceBusLimits limits;
    private final EntityConfiguration configuration;
    private final TokenCheck tokens;
    private final Set<String> essentialSubscriptions;
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
            TokenCheck tokens,
            Set<String> essentialSubscriptions) {
        this.limits = limits;
        this.essentialSubscriptions = essentialSubscriptions;
        this.configuration = configuration;
        this.tokens = tokens;
        this.log = log;
        this.codec = codec;
        reload();
    }

    /** Replaces all state by what the log has. Connections made before must be gone: they hold on to the old state. */
    private void reload() {
        timers = new Timers(System::currentTimeMillis);
        context = new BrokerContext(timers, log, codec, limits, configuration.size());
        namespace = new Namespace(context, configuration, essentialSubscriptions);
    }

    /**
     * Goes back to what the log has.
     *
     * @throws LogException when storage does not work (yet)
     */
    void recover() {
        log.recover();
        reload();
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
