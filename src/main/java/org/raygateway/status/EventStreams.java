package org.raygateway.status;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.raygateway.job.EventPosition;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.store.JobStore;

/**
 * {@code GET /jobs/{id}/events}: the operation follow-job. It stands on the HTTP server's router rather than in a Camel route,
 * because a route would hold a worker thread for each open stream.
 */
public final class EventStreams {
    private static final int PAGE = 200;
    private static final long TICK_MS = 1000;

    private final JobStore store;
    private final StatusHub hub;
    private final EventSettings settings;
    private long lastHeartbeat = System.nanoTime();

    public EventStreams(JobStore store, StatusHub hub, EventSettings settings) {
        this.store = store;
        this.hub = hub;
        this.settings = settings;
    }

    /** Mounts the operation; call once. */
    public void mount(Vertx vertx, Router router) {
        router.get("/jobs/:id/events").order(-100).produces("text/event-stream").handler(this::follow);
        vertx.setPeriodic(Math.min(TICK_MS, settings.heartbeat().toMillis()), timer -> tick());
    }

    private void tick() {
        boolean heartbeat =
                System.nanoTime() - lastHeartbeat >= settings.heartbeat().toNanos();
        if (heartbeat) {
            lastHeartbeat = System.nanoTime();
        }
        hub.all().forEach(set -> set.forEach(subscriber -> subscriber.tick(settings.slowClientTimeout(), heartbeat)));
    }

    private void follow(RoutingContext request) {
        JobId id = JobId.parse(request.pathParam("id")).orElse(null);
        if (id == null) {
            fail(request, Problem.of(400, "Malformed job id", "A job id is a UUID of 36 characters."));
            return;
        }
        EventPosition after = lastEventId(request);
        if (after == null) {
            fail(
                    request,
                    Problem.of(
                            400,
                            "Malformed Last-Event-ID",
                            "`Last-Event-ID` must be the `id:` of an event of this job, such as `1-4`; leave it out to start at the beginning."));
            return;
        }
        request.vertx()
                .executeBlocking(() -> store.find(id), false)
                .onFailure(request::fail)
                .onSuccess(job -> job.ifPresentOrElse(
                        present -> open(request, present, after),
                        () -> fail(request, Problem.of(404, "No such job", "There is no job " + id + "."))));
    }

    /** @return {@link EventPosition#START} where none is given, null where it is junk */
    private static EventPosition lastEventId(RoutingContext request) {
        String text = request.request().getHeader("Last-Event-ID");
        if (text == null) {
            text = request.request().getParam("last_event_id");
        }
        return text == null ? EventPosition.START : EventPosition.parse(text).orElse(null);
    }

    private void open(RoutingContext request, Job job, EventPosition after) {
        if (job.status().isTerminal() && !job.position().isAfter(after)) {
            request.response().setStatusCode(204).end();
            return;
        }
        HttpServerResponse response = request.response();
        Subscriber[] self = new Subscriber[1];
        Subscriber subscriber = new Subscriber(
                job.id(), after, response, request.vertx().getOrCreateContext(), () -> hub.remove(self[0]));
        self[0] = subscriber;
        if (!hub.add(subscriber)) {
            fail(
                    request,
                    Problem.of(
                                    503,
                                    "Too many subscribers",
                                    "As many event streams are open as the gateway allows; try again later.")
                            .withHeader("Retry-After", "10"));
            return;
        }
        response.closeHandler(gone -> subscriber.close());
        response.exceptionHandler(broken -> subscriber.close());
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Accel-Buffering", "no");
        response.writeHead();
        replay(request.vertx(), subscriber);
    }

    /** Page after page from the store, as fast as the client takes them; then live. */
    private void replay(Vertx vertx, Subscriber subscriber) {
        vertx.executeBlocking(() -> page(subscriber), false)
                .onFailure(failure -> subscriber.close())
                .onSuccess(page -> {
                    subscriber.replay(page);
                    if (subscriber.isClosed()) {
                        return;
                    }
                    if (page.size() < PAGE) {
                        subscriber.goLive();
                    } else if (subscriber.isBlocked()) {
                        subscriber.whenWritable(() -> replay(vertx, subscriber));
                    } else {
                        replay(vertx, subscriber);
                    }
                });
    }

    private List<EventFrame> page(Subscriber subscriber) {
        return store.events(subscriber.jobId(), subscriber.position(), PAGE).stream()
                .map(EventFrame::of)
                .toList();
    }

    private static void fail(RoutingContext request, Problem problem) {
        request.fail(problem.status(), new ProblemException(problem));
    }
}
