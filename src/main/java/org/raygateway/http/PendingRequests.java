package org.raygateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;

/**
 * Bounds what the server holds at once: requests in work or waiting for a worker, and the bytes of their bodies. A body of
 * unknown length counts as the largest allowed. Event streams are counted by their own limit.
 */
final class PendingRequests implements Handler<RoutingContext> {
    private final int maxRequests;
    private final long maxBytes;
    private final long maxBodyBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    PendingRequests(HttpSettings settings) {
        this.maxRequests = settings.maxPendingRequests();
        this.maxBytes = settings.maxPendingBytes();
        this.maxBodyBytes = settings.maxBodyBytes();
    }

    @Override
    public void handle(RoutingContext request) {
        if (request.normalizedPath().endsWith("/events")) {
            request.next();
            return;
        }
        long length = bodyLength(request.request());
        boolean tooMany = requests.incrementAndGet() > maxRequests;
        boolean tooLarge = bytes.addAndGet(length) > maxBytes;
        request.addEndHandler(done -> {
            requests.decrementAndGet();
            bytes.addAndGet(-length);
        });
        if (tooMany || tooLarge) {
            request.fail(
                    503,
                    new ProblemException(Problem.of(
                                    503,
                                    "Service unavailable",
                                    "The gateway has more requests in work than it may hold; try again shortly.")
                            .withHeader("Retry-After", "1")));
        } else {
            request.next();
        }
    }

    private long bodyLength(HttpServerRequest request) {
        String declared = request.getHeader("Content-Length");
        if (declared == null) {
            return request.getHeader("Transfer-Encoding") == null ? 0 : maxBodyBytes;
        }
        try {
            return Math.min(Math.max(0, Long.parseLong(declared)), maxBodyBytes);
        } catch (NumberFormatException malformed) {
            return maxBodyBytes;
        }
    }
}
