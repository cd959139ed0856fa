package org.raygateway.health;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Readiness of one part of the gateway, shown at {@code /observe/health}. */
public final class PartHealth extends AbstractHealthCheck {
    private final Supplier<State> look;

    /**
     * @param up whether the part does its work
     * @param message one line for an operator
     */
    public record State(boolean up, String message) {}

    /** @param look asked at each health request; must not take long */
    public PartHealth(String part, Supplier<State> look) {
        super("gateway", part);
        this.look = look;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        State state = look.get();
        builder.message(state.message());
        if (state.up()) {
            builder.up();
        } else {
            builder.down();
        }
    }
}
