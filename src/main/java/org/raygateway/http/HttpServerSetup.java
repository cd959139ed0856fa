package org.raygateway.http;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.status.EventStreams;

/** Puts beside Camel's routes what only the HTTP server's own router can do: limits, errors, event streams. */
public final class HttpServerSetup {
    private static final int FIRST = -1000;

    private HttpServerSetup() {}

    /** @param ready whether the routes are there */
    public static void mount(CamelContext context, HttpSettings settings, EventStreams streams, BooleanSupplier ready) {
        VertxPlatformHttpRouter router =
                VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(settings.port()));
        router.route().order(FIRST).handler(request -> passWhenReady(request, ready));
        router.route().order(FIRST + 1).handler(new PendingRequests(settings));
        streams.mount(router.vertx(), router);
        Router outermost = (Router) router.getServer().getServer().requestHandler();
        new ServerErrors(new AllowedMethods(router), settings.maxBodyBytes()).mount(outermost);
    }

    private static void passWhenReady(RoutingContext request, BooleanSupplier ready) {
        if (ready.getAsBoolean()) {
            request.next();
        } else {
            Problem starting = Problem.of(503, "Service unavailable", "The gateway is starting; try again shortly.");
            request.fail(503, new ProblemException(starting.withHeader("Retry-After", "1")));
        }
    }
}
