package org.raygateway.health;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;

/** What {@code /observe/metrics} shows beside Camel's own figures for each route. */
public final class GatewayMetrics {
    private GatewayMetrics() {}

    /**
     * @param gauges figures by name, read at each scrape
     * @param counters what the parts count themselves
     */
    public static void bind(
            CamelContext context,
            CircuitBreakerRegistry breakers,
            Map<String, Supplier<Number>> gauges,
            List<MeterBinder> counters) {
        MeterRegistry meters = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (meters == null) {
            return;
        }
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(meters);
        gauges.forEach((name, value) -> Gauge.builder(name, value).register(meters));
        counters.forEach(counter -> counter.bindTo(meters));
    }
}
