package org.raygateway.mesh;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.kiwiproject.consul.model.health.HealthCheck;
import org.kiwiproject.consul.model.health.ServiceHealth;
import org.raygateway.health.PartHealth;
import org.raygateway.health.PartHealth.State;

/**
 * What Consul says about the compute service. It informs operators and load balancers: whether a job can run is the
 * breaker's to find out, from its own calls.
 */
public final class ComputeWatch {
    private static final String CRITICAL = "critical";

    private final String service;
    private final BooleanSupplier refusing;
    private final ConsulLink link;
    private volatile State known;

    /** @param refusing whether posts are refused while compute is down */
    ComputeWatch(String service, BooleanSupplier refusing) {
        this.service = service;
        this.refusing = refusing;
        this.link = new ConsulLink("health of " + service);
        this.known = unknown(link);
    }

    /** Route step: the service to ask for. */
    public String service() {
        return service;
    }

    /** Route step: all instances of the service with their checks. */
    public void update(List<ServiceHealth> instances) {
        link.answered();
        long critical = instances.stream()
                .filter(instance -> cause(instance).isPresent())
                .count();
        if (instances.isEmpty()) {
            known = new State(false, "Consul knows no " + service + ", or the gateway's token may not see it");
        } else if (critical == instances.size()) {
            known = new State(
                    false, "critical in Consul: " + cause(instances.get(0)).orElseThrow());
        } else {
            known = new State(true, instances.size() - critical + " of " + instances.size() + " passing in Consul");
        }
    }

    /** The check at fault; a warning still takes calls. */
    private static Optional<String> cause(ServiceHealth instance) {
        return instance.getChecks().stream()
                .filter(check -> CRITICAL.equals(check.getStatus()))
                .map(HealthCheck::getName)
                .findFirst();
    }

    /** Route step: Consul did not say. */
    public void lost(Exchange exchange) {
        link.failed(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
        known = unknown(link);
    }

    private static State unknown(ConsulLink link) {
        return new State(true, "unknown: Consul " + link.failure());
    }

    /** For {@code /observe/health}: never down, as with the breaker; it says how the service is. */
    PartHealth.State state() {
        return new PartHealth.State(true, known.message());
    }
}
