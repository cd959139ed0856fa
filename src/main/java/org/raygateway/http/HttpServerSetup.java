package org.raygateway.http;

import io.vertx.ext.web.Router;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.raygateway.status.EventStreams;

/** Puts beside Camel's routes what only the HTTP server's own router can do: limits, errors, event streams. */
public final class HttpServerSetup {
    private static final int FIRST = -1000;

    private HttpServerSetup() {}

    public static void mount(CamelContext context, HttpSettings settings, EventStreams streams) {
        VertxPlatformHttpRouter router =
                VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(settings.port()));
        router.route().order(FIRST).handler(new PendingRequests(settings));
        streams.mount(router.vertx(), router);
        Router outermost = (Router) router.getServer().getServer().requestHandler();
        new ServerErrors(new AllowedMethods(router), settings.maxBodyBytes()).mount(outermost);
    }
}
