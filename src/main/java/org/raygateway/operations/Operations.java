package org.raygateway.operations;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.raygateway.dispatch.DispatchHold;
import org.raygateway.health.Availability;
import org.raygateway.health.GatewayMetrics;
import org.raygateway.http.HttpPort;
import org.raygateway.http.HttpSettings;
import org.raygateway.http.ServerErrors;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;

/**
 * The operators' port, on loopback: health, figures, and what may be done to routes and to dispatching. It stands on its own router
 * and threads, so no route that is stopped takes it away, and no flood of requests for jobs slows it down.
 */
public final class Operations implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String METRICS_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int LOOKS = 2;
    private static final int ACTIONS = 2;
    private static final int MAX_WAITING = 16;
    private static final long DEADLINE_S = RouteAction.DEADLINE_S + 2;

    private final Availability availability;
    private final DispatchHold hold;
    private final Router router;
    private final WorkerExecutor looks;
    private final WorkerExecutor actions;
    private final AtomicInteger waiting = new AtomicInteger();
    private final HttpPort port;
    private volatile GatewayMetrics metrics;
    private volatile CamelContext context;

    private Operations(Vertx vertx, HttpSettings settings, Availability availability, DispatchHold hold) {
        this.availability = availability;
        this.hold = hold;
        looks = vertx.createSharedWorkerExecutor("operations-look", LOOKS);
        actions = vertx.createSharedWorkerExecutor("operations-act", ACTIONS, 1, TimeUnit.MINUTES);
        router = Router.router(vertx);
        mount();
        ServerErrors.of(router, "GET /ops/routes and GET /observe/health are among what there is", availability)
                .mount(router);
        port = HttpPort.open(vertx, "gateway.operations.port", HOST, settings.operationsPort(), settings, router);
    }

    /** Opens the port; until {@link #attach} it has health to tell, and nothing else. */
    public static Operations open(Vertx vertx, HttpSettings settings, Availability availability, DispatchHold hold) {
        return new Operations(vertx, settings, availability, hold);
    }

    private void mount() {
        HealthReport health = new HealthReport(availability);
        for (HealthReport.Kind kind : HealthReport.Kind.values()) {
            router.get("/observe/health" + kind.path())
                    .handler(request -> look(request, () -> health.of(kind, context)));
        }
        router.get("/observe/metrics").handler(request -> look(request, this::figures));
        router.get("/ops/routes").handler(request -> look(request, () -> Answer.ok(RouteReport.of(running()))));
        for (RouteAction action : RouteAction.values()) {
            router.post("/ops/routes/:id/" + action.path()).handler(request -> act(request, action));
        }
        router.get("/ops/dispatch").handler(request -> dispatch().write(request.response()));
        router.post("/ops/dispatch/hold").handler(request -> holding(request, hold::hold));
        router.post("/ops/dispatch/resume").handler(request -> holding(request, hold::resume));
    }

    /** The routes are there. */
    public void attach(CamelContext started, GatewayMetrics figures) {
        metrics = figures;
        context = started;
    }

    private Answer figures() {
        running();
        return new Answer(200, METRICS_FORMAT, metrics.scrape());
    }

    private CamelContext running() {
        CamelContext started = context;
        if (started == null) {
            throw unavailable("The gateway is starting; try again shortly.");
        }
        return started;
    }

    private void look(RoutingContext request, Callable<Answer> work) {
        run(looks, request, work).onFailure(request::fail);
    }

    private void act(RoutingContext request, RouteAction action) {
        String id = request.pathParam("id");
        run(actions, request, () -> action.apply(running(), id)).onFailure(failure -> {
            if (failure instanceof TimeoutException) {
                Answer.json(202, RouteReport.state(running(), id)).write(request.response());
            } else {
                request.fail(failure);
            }
        });
    }

    private void holding(RoutingContext request, Runnable change) {
        run(actions, request, () -> {
                    change.run();
                    return dispatch();
                })
                .onFailure(request::fail);
    }

    /** Never on the event loop, never more than a few at a time, and never waiting for long. */
    private Future<Answer> run(WorkerExecutor threads, RoutingContext request, Callable<Answer> work) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(unavailable("Too many operations are in work; try again shortly."));
        }
        return threads.executeBlocking(work, false)
                .onComplete(done -> waiting.decrementAndGet())
                .timeout(DEADLINE_S, TimeUnit.SECONDS)
                .onSuccess(answer -> answer.write(request.response()));
    }

    private static ProblemException unavailable(String detail) {
        return new ProblemException(
                Problem.of(503, "Service unavailable", detail).withHeader("Retry-After", "1"));
    }

    private Answer dispatch() {
        String since = hold.heldSince().map(Instant::toString).orElse(null);
        return Answer.ok(since == null ? Map.of("held", false) : Map.of("held", true, "since", since));
    }

    public int port() {
        return port.number();
    }

    /** All that is served here. */
    public Router router() {
        return router;
    }

    @Override
    public void close() {
        port.close();
        looks.close();
        actions.close();
    }
}
