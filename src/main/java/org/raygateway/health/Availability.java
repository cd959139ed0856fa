package org.raygateway.health;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Where the gateway is between the moment its ports open and the moment they close. It goes forward only. */
public final class Availability extends AbstractHealthCheck {
    private enum Stage {
        STARTING("starting"),
        READY("ok"),
        STOPPING("stopping");

        private final String message;

        Stage(String message) {
            this.message = message;
        }
    }

    private volatile Stage stage = Stage.STARTING;

    public Availability() {
        super("gateway", "gateway");
    }

    /** All parts are there. */
    public synchronized void ready() {
        if (stage == Stage.STARTING) {
            stage = Stage.READY;
        }
    }

    /** From here on nothing new is taken. */
    public synchronized void stopping() {
        stage = Stage.STOPPING;
    }

    public boolean isReady() {
        return stage == Stage.READY;
    }

    /** Whether a part may be missing because it is not there yet, rather than no longer. */
    public boolean isStarting() {
        return stage == Stage.STARTING;
    }

    /** One word for an operator. */
    public String message() {
        return stage.message;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Stage now = stage;
        builder.message(now.message);
        if (now == Stage.READY) {
            builder.up();
        } else {
            builder.down();
        }
    }
}
