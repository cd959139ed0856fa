package org.raygateway.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.consul.ConsulComponent;
import org.apache.camel.health.HealthCheck;
import org.kiwiproject.consul.Consul;
import org.raygateway.health.PartHealth;
import org.raygateway.health.PartHealth.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's part in Consul: what its routes need, what health shows, and leaving. Opens nothing unless enabled. */
public final class ConsulMembership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsulMembership.class);
    private static final long DEADLINE_MILLIS = 2000;

    private final ConsulSettings settings;
    private final Consul client;
    private final GatewayPresence presence;
    private final ComputeWatch compute;
    private final LiveSettings live;
    private final SettingsWatch watch = new SettingsWatch();

    /**
     * @param host where the gateway's API listens, with its port
     * @param refusing whether posts are refused while compute is down
     * @param changeable what may be changed live, beside the log's level
     */
    public ConsulMembership(
            ConsulSettings settings, String host, int port, BooleanSupplier refusing, List<LiveSetting> changeable) {
        this.settings = settings;
        client = settings.enabled() ? connect(settings) : null;
        presence = new GatewayPresence(settings, host, port, () -> client.agentClient());
        compute = new ComputeWatch(settings.computeService(), refusing);
        List<LiveSetting> all = new ArrayList<>(changeable);
        all.add(LogLevel.setting());
        live = new LiveSettings(settings.settingsKey(), all);
    }

    /**
     * A client of the gateway's own instead of the component's: that one takes a read deadline for a connect deadline (4.17.0),
     * asks Consul at once, and writes the token into URLs.
     */
    private static Consul connect(ConsulSettings settings) {
        Consul.Builder builder = Consul.builder()
                .withUrl(settings.url().toString())
                .withConnectTimeoutMillis(DEADLINE_MILLIS)
                .withReadTimeoutMillis(DEADLINE_MILLIS)
                .withWriteTimeoutMillis(DEADLINE_MILLIS)
                .withPing(false);
        if (!settings.token().isEmpty()) {
            builder.withTokenAuth(settings.token());
        }
        return builder.build();
    }

    /** By the names that routes use. */
    public Map<String, Object> beans() {
        ConsulComponent component = new ConsulComponent();
        if (client != null) {
            component.getConfiguration().setConsulClient(client);
        }
        return Map.of(
                "consul", component,
                "gatewayPresence", presence,
                "computeWatch", compute,
                "liveSettings", live,
                "settingsWatch", watch);
    }

    /** None unless enabled. */
    public List<HealthCheck> healthChecks() {
        return settings.enabled()
                ? List.of(
                        new PartHealth("consul", presence::state),
                        new PartHealth(settings.computeService(), compute::state),
                        new PartHealth("live-settings", () -> new State(true, live.describe() + watch.trouble())))
                : List.of();
    }

    /** Takes the gateway out of Consul; call it while the routes still run. */
    public void leave(ProducerTemplate routes) {
        if (!settings.enabled()) {
            return;
        }
        try {
            routes.sendBody("direct:deregister-gateway", null);
        } catch (RuntimeException failed) {
            LOG.warn(
                    "Consul could not be told that {} stops; its check turns critical within {}",
                    presence.serviceId(),
                    settings.ttl());
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.destroy();
        }
    }
}
