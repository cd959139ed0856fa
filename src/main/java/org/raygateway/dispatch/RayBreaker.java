package org.raygateway.dispatch;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;

/** Makes the one circuit breaker around Ray, which routes, admission, health and metrics share. */
public final class RayBreaker {
    private RayBreaker() {}

    /** Opens on exactly {@code breakerFailures} consecutive failures; one call at a time decides whether it closes again. */
    public static CircuitBreakerRegistry registry(DispatchSettings settings) {
        return CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(settings.breakerFailures())
                .minimumNumberOfCalls(settings.breakerFailures())
                .failureRateThreshold(100)
                .waitDurationInOpenState(settings.breakerOpenTime())
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
    }

    /** The one instance. */
    public static CircuitBreaker of(CircuitBreakerRegistry registry) {
        return registry.circuitBreaker("ray");
    }
}
