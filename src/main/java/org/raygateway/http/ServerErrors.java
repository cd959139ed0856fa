package org.raygateway.http;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.raygateway.health.Availability;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.problem.ProblemJson;

/** Problems for what the HTTP server itself refuses, before or beside any route. */
public final class ServerErrors {
    private static final Map<Integer, String> TITLES = Map.of(
            400, "Malformed request",
            401, "Unauthorized",
            403, "Forbidden",
            404, "Not found",
            405, "Method not allowed",
            406, "Not acceptable",
            413, "Content too large",
            415, "Unsupported media type",
            429, "Too many requests",
            503, "Service unavailable");

    private final AllowedMethods allowed;
    private final String whatThereIs;
    private final long maxBodyBytes;
    private final Availability availability;

    private ServerErrors(AllowedMethods allowed, String whatThereIs, long maxBodyBytes, Availability availability) {
        this.allowed = allowed;
        this.whatThereIs = whatThereIs;
        this.maxBodyBytes = maxBodyBytes;
        this.availability = availability;
    }

    static ServerErrors ofApi(Router router, long maxBodyBytes, Availability availability) {
        return new ServerErrors(
                new AllowedMethods(router), "GET /openapi.yaml describes what there is", maxBodyBytes, availability);
    }

    /** @param whatThereIs half a sentence for who asks for a path that is not there */
    public static ServerErrors of(Router router, String whatThereIs, Availability availability) {
        return new ServerErrors(new AllowedMethods(router), whatThereIs, 0, availability);
    }

    /** @param router the server's outermost; handlers on inner ones are never asked */
    public void mount(Router router) {
        TITLES.keySet().forEach(status -> router.errorHandler(status, request -> answer(request, status)));
        router.errorHandler(500, request -> answer(request, 500));
    }

    private void answer(RoutingContext request, int status) {
        HttpServerResponse response = request.response();
        if (response.headWritten() || response.closed()) {
            response.reset();
            return;
        }
        write(response, problem(request, status), request.request().getHeader("Expect") != null);
    }

    /** @param last a client that was to be told to go on, and is not, may or may not send its body */
    private static void write(HttpServerResponse response, Problem problem, boolean last) {
        response.setStatusCode(problem.status()).putHeader("Content-Type", ProblemJson.MEDIA_TYPE);
        problem.headers().forEach(response::putHeader);
        if (last) {
            response.putHeader("Connection", "close");
        }
        response.end(ProblemJson.write(problem));
    }

    private Problem problem(RoutingContext request, int status) {
        if (request.failure() instanceof ProblemException problem) {
            return problem.problem();
        }
        if (!availability.isReady()) {
            return PendingRequests.unavailable(availability);
        }
        if (status == 500) {
            return ProblemAnswers.of(request.failure());
        }
        Problem problem = Problem.of(status, TITLES.get(status), detail(request, status));
        return switch (status) {
            case 405 -> problem.withHeader("Allow", allowed.at(request.normalizedPath()));
            case 503 -> problem.withHeader("Retry-After", "1");
            default -> problem;
        };
    }

    private String detail(RoutingContext request, int status) {
        return switch (status) {
            case 404 -> "There is nothing at this path; " + whatThereIs + ".";
            case 405 ->
                "This path takes " + allowed.at(request.normalizedPath()) + ", not "
                        + request.request().method() + ".";
            case 406 ->
                "This path answers in application/json (events in text/event-stream); the Accept header excludes it.";
            case 413 -> "A request body may hold at most " + maxBodyBytes + " bytes.";
            case 415 -> "A job is posted as application/json; set the Content-Type header.";
            case 503 -> "What serves this path is not running; try again later.";
            default -> "The request could not be served.";
        };
    }
}
