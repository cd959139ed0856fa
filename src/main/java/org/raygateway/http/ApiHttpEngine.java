package org.raygateway.http;

import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;

/** Camel's engine over a port of our own; routes that take JSON do not hold a worker while they wait ({@link AsyncHttpConsumer}). */
final class ApiHttpEngine extends VertxPlatformHttpEngine {
    private final String router;
    private final int port;

    /** @param router its name among the beans */
    ApiHttpEngine(String router, int port) {
        this.router = router;
        this.port = port;
    }

    @Override
    public int getServerPort() {
        return port;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return "application/json".equals(endpoint.getConsumes())
                ? new AsyncHttpConsumer(endpoint, processor, router)
                : new ApiHttpConsumer(endpoint, processor, router);
    }
}
