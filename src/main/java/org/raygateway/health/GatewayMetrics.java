package org.raygateway.health;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.eventnotifier.MicrometerRouteEventNotifier;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;

/** What {@code /observe/metrics} shows: figures of each route, of the breakers, and our own. */
public final class GatewayMetrics {
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Call before the routes are there. */
    public void watchRoutes(CamelContext context) {
        MicrometerRoutePolicyFactory routes = new MicrometerRoutePolicyFactory();
        routes.setMeterRegistry(meters);
        context.addRoutePolicyFactory(routes);
        MicrometerRouteEventNotifier running = new MicrometerRouteEventNotifier();
        running.setMeterRegistry(meters);
        context.getManagementStrategy().addEventNotifier(running);
    }

    /**
     * @param gauges figures by name, read at each scrape
     * @param counters what the parts count themselves
     */
    public void add(CircuitBreakerRegistry breakers, Map<String, Supplier<Number>> gauges, List<MeterBinder> counters) {
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(meters);
        gauges.forEach((name, value) -> Gauge.builder(name, value).register(meters));
        counters.forEach(counter -> counter.bindTo(meters));
    }

    /** In Prometheus' text format. */
    public String scrape() {
        return meters.scrape();
    }
}
