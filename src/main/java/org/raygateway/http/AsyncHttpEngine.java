package org.raygateway.http;

import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Camel's engine, but routes that take JSON do not hold a worker while they wait ({@link AsyncHttpConsumer}). */
public final class AsyncHttpEngine extends VertxPlatformHttpEngine {
    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        if (!"application/json".equals(endpoint.getConsumes())) {
            return super.createConsumer(endpoint, processor);
        }
        String router = VertxPlatformHttpRouter.getRouterNameFromPort(getServerPort());
        return new AsyncHttpConsumer(endpoint, processor, getHandlers(), router);
    }
}
