package org.raygateway.mesh;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.kiwiproject.consul.AgentClient;
import org.kiwiproject.consul.ConsulException;
import org.kiwiproject.consul.NotRegisteredException;
import org.kiwiproject.consul.model.State;
import org.kiwiproject.consul.model.agent.ImmutableRegCheck;
import org.kiwiproject.consul.model.agent.ImmutableRegistration;
import org.kiwiproject.consul.model.agent.Registration;
import org.raygateway.health.PartHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own entry in Consul: a service with a TTL check, which the gateway keeps passing as long as it is ready.
 * Routes register and deregister it; the check has no action in the component, so it is kept here.
 */
public final class GatewayPresence {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayPresence.class);

    /** An entry that nobody keeps any more, such as that of a gateway that has moved, goes after a day. */
    private static final String FORGET_AFTER = "24h";

    private final ConsulSettings settings;
    private final String host;
    private final int port;
    private final String id;
    private final String checkId;
    private final Supplier<AgentClient> agent;
    private final ConsulLink link = new ConsulLink("registration");
    private volatile boolean registered;

    GatewayPresence(ConsulSettings settings, String host, int port, Supplier<AgentClient> agent) {
        this.settings = settings;
        this.host = host;
        this.port = port;
        this.id = settings.serviceId().isEmpty() ? settings.service() + "-" + port : settings.serviceId();
        this.checkId = id + "-ready";
        this.agent = agent;
    }

    /** Consul takes Go's durations. */
    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }

    /** Route step's predicate. */
    public boolean isUnregistered() {
        return !registered;
    }

    /** Route step: what the agent is to be told. */
    public Registration registration() {
        return ImmutableRegistration.builder()
                .name(settings.service())
                .id(id)
                .address(host)
                .port(port)
                .check(ImmutableRegCheck.builder()
                        .id(checkId)
                        .name("What the gateway says of itself")
                        .ttl(millis(settings.ttl()))
                        .deregisterCriticalServiceAfter(FORGET_AFTER)
                        .build())
                .build();
    }

    /** Route step: the id the agent knows this gateway by. */
    public String serviceId() {
        return id;
    }

    /** Route step: the agent has taken the registration. */
    public void registered() {
        registered = true;
        LOG.info("Registered in Consul as {}", serviceId());
    }

    /** Route step: tells the agent whether this gateway is ready, by everything that its health shows. */
    public void beat(Exchange exchange) throws Exception {
        List<String> down = HealthCheckHelper.invokeReadiness(exchange.getContext()).stream()
                .filter(result -> result.getState() == HealthCheck.State.DOWN)
                .map(result -> result.getCheck().getId())
                .sorted()
                .toList();
        if (down.isEmpty()) {
            tell(State.PASS, "ready");
        } else {
            tell(State.FAIL, down.stream().collect(Collectors.joining(", ", "not ready: ", "")));
        }
        link.answered();
    }

    private void tell(State state, String note) throws Exception {
        try {
            agent.get().check(checkId, state, note);
        } catch (NotRegisteredException failed) {
            if (failed.getCause() instanceof ConsulException refusal && refusal.hasCode()) {
                // An agent that has lost its memory says 404. Registering again is right then, and harmless otherwise.
                registered = false;
            }
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
    }

    /** Route step: the agent could not be told. */
    public void missed(Exchange exchange) {
        link.failed(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
    }

    /** For {@code /observe/health}: never down, since jobs need no Consul. */
    PartHealth.State state() {
        String failure = link.failure();
        if (failure != null) {
            return new PartHealth.State(true, "Consul " + failure + "; jobs run without it");
        }
        return new PartHealth.State(true, registered ? "registered as " + serviceId() : "not registered yet");
    }
}
