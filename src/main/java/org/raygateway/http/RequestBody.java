package org.raygateway.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;

/**
 * Brings a request's body together. It counts what has arrived, not what was announced, and never writes files, as the server's own
 * handler does with uploads.
 */
final class RequestBody implements Handler<RoutingContext> {
    private final long maxBytes;
    private final PendingRequests pending;

    RequestBody(long maxBytes, PendingRequests pending) {
        this.maxBytes = maxBytes;
        this.pending = pending;
    }

    @Override
    public void handle(RoutingContext request) {
        ((RoutingContextInternal) request).visitHandler(RoutingContextInternal.BODY_HANDLER);
        String length = request.request().getHeader("Content-Length");
        if (length == null && request.request().getHeader("Transfer-Encoding") == null) {
            request.next();
        } else if (length != null && Long.parseLong(length) > maxBytes) {
            request.fail(413);
        } else {
            new Collector(request).start();
        }
    }

    private final class Collector {
        private final RoutingContext request;
        private Buffer body;
        private long held;
        private boolean refused;

        Collector(RoutingContext request) {
            this.request = request;
        }

        void start() {
            HttpServerRequest incoming = request.request();
            request.addEndHandler(done -> pending.release(held));
            incoming.handler(this::take);
            incoming.endHandler(end -> pass());
            // The client has gone, or was sent away: there is nobody to answer.
            incoming.exceptionHandler(gone -> refused = true);
            if (incoming.getHeader("Expect") != null) {
                incoming.response().writeContinue();
            }
        }

        private void take(Buffer chunk) {
            if (refused) {
                return;
            }
            if (held + chunk.length() > maxBytes) {
                refused = true;
                request.fail(413);
            } else if (pending.hold(request, chunk.length())) {
                held += chunk.length();
                body = body == null ? chunk : body.appendBuffer(chunk);
            } else {
                refused = true;
            }
        }

        private void pass() {
            if (!refused) {
                ((RoutingContextInternal) request).setBody(body == null ? Buffer.buffer() : body);
                request.next();
            }
        }
    }
}
