package org.raygateway.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.raygateway.health.Availability;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;

/**
 * Lets requests in while the gateway is there for them, and bounds what the server holds at once: requests in work or waiting for
 * a worker, and what has arrived of their bodies. Event streams are counted by their own limit.
 */
final class PendingRequests implements Handler<RoutingContext> {
    private final Availability availability;
    private final int maxRequests;
    private final long maxBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();

    PendingRequests(HttpSettings settings, Availability availability) {
        this.availability = availability;
        this.maxRequests = settings.maxPendingRequests();
        this.maxBytes = settings.connections().maxUnreadBytes();
    }

    @Override
    public void handle(RoutingContext request) {
        if (request.normalizedPath().endsWith("/events")) {
            pass(request, true);
            return;
        }
        // Counted before it is let in, so that whoever waits for the last one sees it.
        boolean fits = requests.incrementAndGet() <= maxRequests;
        request.addEndHandler(done -> ended());
        pass(request, fits);
    }

    private void pass(RoutingContext request, boolean fits) {
        if (!availability.isReady()) {
            request.fail(503, new ProblemException(unavailable(availability)));
        } else if (!fits) {
            refuse(request);
        } else {
            request.next();
        }
    }

    static Problem unavailable(Availability availability) {
        return Problem.of(
                        503, "Service unavailable", "The gateway is " + availability.message() + "; try again shortly.")
                .withHeader("Retry-After", "1");
    }

    private static void refuse(RoutingContext request) {
        request.fail(
                503,
                new ProblemException(Problem.of(
                                503,
                                "Service unavailable",
                                "The gateway has more requests in work than it may hold; try again shortly.")
                        .withHeader("Retry-After", "1")));
    }

    /** Takes note of bytes that have arrived; where there is no room for them the request is refused. */
    boolean hold(RoutingContext request, int length) {
        if (bytes.addAndGet(length) <= maxBytes) {
            return true;
        }
        bytes.addAndGet(-length);
        refuse(request);
        return false;
    }

    void release(long length) {
        bytes.addAndGet(-length);
    }

    int count() {
        return requests.get();
    }

    private void ended() {
        if (requests.decrementAndGet() == 0 && !availability.isReady()) {
            lock.lock();
            try {
                none.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Once nothing more is let in: returns when all have their answer, or after the given time. */
    void awaitNone(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (requests.get() > 0 && left > 0) {
                left = none.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
