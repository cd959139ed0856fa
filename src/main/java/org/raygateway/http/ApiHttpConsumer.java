package org.raygateway.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;

/**
 * Camel's consumer, but a route's headers are the request's headers and the parameters of its path. Camel also makes headers of the
 * query, and puts all of one name together: a caller's {@code ?id=} or {@code Id:} would be taken for the path's.
 */
class ApiHttpConsumer extends VertxPlatformHttpConsumer {
    private static final int UNAVAILABLE = 503;

    ApiHttpConsumer(PlatformHttpEndpoint endpoint, Processor processor, String routerName) {
        super(endpoint, processor, List.of(), routerName);
    }

    @Override
    protected void handleRequest(RoutingContext request) {
        if (mayServe(request)) {
            super.handleRequest(request);
        }
    }

    /** A route that is suspended, or stops while a body still arrives, refuses for now. */
    final boolean mayServe(RoutingContext request) {
        if (isStarted() && !isSuspended()) {
            return true;
        }
        request.fail(UNAVAILABLE);
        return false;
    }

    @Override
    protected Future<Void> populateCamelMessage(RoutingContext request, Exchange exchange, Message message) {
        Future<Void> read = super.populateCamelMessage(request, exchange, message);
        Map<String, Object> headers = message.getHeaders();
        MultiMap sent = request.request().headers();
        for (String name : request.queryParams().names()) {
            if (!isCamels(name)) {
                headers.remove(name);
                if (sent.contains(name)) {
                    headers.put(name, sent.get(name));
                }
            }
        }
        request.pathParams().forEach(headers::put);
        return read;
    }

    /** What Camel says of the request has such names; no caller can set one, so none of them came from the query. */
    private static boolean isCamels(String name) {
        return name.regionMatches(true, 0, "Camel", 0, "Camel".length());
    }
}
