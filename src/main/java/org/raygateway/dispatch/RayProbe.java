package org.raygateway.dispatch;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.raygateway.driver.v1.HealthReply;

/** Asks the driver whether Ray is well; a no is a failure for the breaker around it. */
public final class RayProbe implements Processor {
    private final DriverClient driver;

    public RayProbe(DriverClient driver) {
        this.driver = driver;
    }

    @Override
    public void process(Exchange exchange) {
        HealthReply health = driver.health();
        if (!health.getReady()) {
            throw new RayUnavailableException("the driver says Ray is not ready: " + health.getReason(), null);
        }
    }
}
