package org.raygateway.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.raygateway.health.Availability;

/** The API's port, from before its routes are there until after they have gone. Meanwhile it answers 503. */
public final class HttpApi implements AutoCloseable {
    private static final String ROUTER = VertxPlatformHttpRouter.PLATFORM_HTTP_ROUTER_NAME + "-api";
    private static final int FIRST = -1000;

    private final Router router;
    private final PendingRequests pending;
    private final RequestBody body;
    private final HttpPort port;

    private HttpApi(Vertx vertx, HttpSettings settings, Availability availability) {
        router = Router.router(vertx);
        pending = new PendingRequests(settings, availability);
        body = new RequestBody(settings.maxBodyBytes(), pending);
        router.route().order(FIRST).handler(pending);
        ServerErrors.ofApi(router, settings.maxBodyBytes(), availability).mount(router);
        port = HttpPort.open(vertx, "gateway.http.port", settings.host(), settings.port(), settings, router);
    }

    public static HttpApi open(Vertx vertx, HttpSettings settings, Availability availability) {
        return new HttpApi(vertx, settings, availability);
    }

    public int port() {
        return port.number();
    }

    /** Requests in work, event streams aside. */
    public int pending() {
        return pending.count();
    }

    /** For what no Camel route can serve. */
    public Router router() {
        return router;
    }

    /** What lets Camel's routes stand on this port. */
    public Map<String, Object> beans(Vertx vertx) {
        return Map.of(
                PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME,
                new ApiHttpEngine(ROUTER, port()),
                ROUTER,
                new CamelRouter(vertx));
    }

    /** Once the gateway is stopping: returns when all requests have their answer, or after the given time. */
    public void drain(Duration patience) {
        try {
            pending.awaitNone(patience);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        port.close();
    }

    /** Where Camel looks for a router. */
    private final class CamelRouter extends VertxPlatformHttpRouter {
        CamelRouter(Vertx vertx) {
            super(null, vertx, router, ROUTER);
        }

        @Override
        public Handler<RoutingContext> bodyHandler() {
            return body;
        }
    }
}
