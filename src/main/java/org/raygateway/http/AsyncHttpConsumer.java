package org.raygateway.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.support.http.HttpUtil;

/**
 * Camel's consumer, but asynchronous: a worker runs the route up to its first asynchronous step and is free then, and the answer
 * is written on the request's event loop when the route has ended. Camel's own holds a worker until then. For requests and
 * answers whose bodies fit into memory; a failure no route handles becomes the server's own error.
 */
final class AsyncHttpConsumer extends ApiHttpConsumer {
    AsyncHttpConsumer(PlatformHttpEndpoint endpoint, Processor processor, String routerName) {
        super(endpoint, processor, routerName);
    }

    @Override
    protected void handleRequest(RoutingContext request) {
        if (!mayServe(request)) {
            return;
        }
        Exchange exchange = createExchange(false);
        exchange.setPattern(ExchangePattern.InOut);
        Context eventLoop = request.vertx().getOrCreateContext();
        processHttpRequest(exchange, request)
                .compose(read -> request.vertx()
                        .executeBlocking(
                                () -> {
                                    route(exchange, () -> eventLoop.runOnContext(ended -> answer(request, exchange)));
                                    return null;
                                },
                                false))
                .onFailure(failure -> {
                    exchange.setException(failure);
                    answer(request, exchange);
                });
    }

    private void route(Exchange exchange, Runnable ended) throws Exception {
        createUoW(exchange);
        getAsyncProcessor().process(exchange, doneSync -> ended.run());
    }

    private void answer(RoutingContext request, Exchange exchange) {
        try {
            if (exchange.getException() != null) {
                request.fail(exchange.getException());
            } else if (!request.response().ended()) {
                write(request.response(), exchange);
            }
        } catch (RuntimeException failure) {
            request.fail(failure);
        } finally {
            doneUoW(exchange);
            releaseExchange(exchange, false);
        }
    }

    private void write(HttpServerResponse response, Exchange exchange) {
        Message message = exchange.getMessage();
        byte[] body = message.getBody(byte[].class);
        response.setStatusCode(HttpUtil.determineResponseCode(exchange, body));
        HeaderFilterStrategy filter = getEndpoint().getHeaderFilterStrategy();
        for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
            Object value = header.getValue();
            if (value != null && !filter.applyFilterToCamelHeaders(header.getKey(), value, exchange)) {
                response.putHeader(header.getKey(), value.toString());
            }
        }
        String type = message.getHeader(Exchange.CONTENT_TYPE, String.class);
        if (type != null) {
            response.putHeader("Content-Type", type);
        }
        response.end(body == null ? Buffer.buffer() : Buffer.buffer(body));
    }
}
