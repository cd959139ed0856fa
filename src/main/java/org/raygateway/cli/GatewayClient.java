package org.raygateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The gateway's HTTP contract as seen by a client. Each call has one deadline from connecting to the last byte of the answer.
 * Errors: {@link RefusedException} for 4xx and 5xx, {@link UnreachableException} where there is no answer.
 */
final class GatewayClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int ANSWER_LIMIT = 64 << 20;

    private final URI address;
    private final Duration deadline;
    private final HttpClient http;

    GatewayClient(URI address, Duration deadline) {
        this.address = address;
        this.deadline = deadline;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(deadline.compareTo(CONNECT) < 0 ? deadline : CONNECT)
                .build();
    }

    /** Submits a job and returns what the gateway said of it ({@code job_id}, {@code status}, {@code message}). */
    JsonNode submit(String computation, ObjectNode parameters, Optional<String> idempotencyKey)
            throws InterruptedException {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("simulation_type", computation).set("parameters", parameters);
        HttpRequest.Builder request = request("/jobs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.line(body)));
        idempotencyKey.ifPresent(key -> request.header("Idempotency-Key", key));
        return answer(request);
    }

    JsonNode job(String id) throws InterruptedException {
        return answer(request("/jobs/" + encode(id)));
    }

    JsonNode result(String id) throws InterruptedException {
        return answer(request("/jobs/" + encode(id) + "/result"));
    }

    JsonNode cancel(String id) throws InterruptedException {
        return answer(request("/jobs/" + encode(id)).DELETE());
    }

    /** One page of jobs. */
    JsonNode jobs(Map<String, String> query) throws InterruptedException {
        return answer(request("/jobs?"
                + query.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                        .collect(Collectors.joining("&"))));
    }

    JsonNode computations() throws InterruptedException {
        return answer(request("/computations"));
    }

    JsonNode computation(String name) throws InterruptedException {
        return answer(request("/computations/" + encode(name)));
    }

    /** Opens a job's event stream after the given event; empty where nothing will come any more (204). */
    Optional<ByteStream> events(String id, Optional<String> lastEventId) throws InterruptedException {
        HttpRequest.Builder request =
                request("/jobs/" + encode(id) + "/events").setHeader("Accept", "text/event-stream");
        lastEventId.ifPresent(last -> request.header("Last-Event-ID", last));
        var response = send(request, BodyHandlers.ofPublisher());
        ByteStream body = new ByteStream(response.body());
        if (response.statusCode() == 200) {
            return Optional.of(body);
        }
        try (body) {
            if (response.statusCode() == 204) {
                return Optional.empty();
            }
            throw refusal(response, body.readAll(ANSWER_LIMIT, deadline));
        }
    }

    private JsonNode answer(HttpRequest.Builder request) throws InterruptedException {
        HttpResponse<byte[]> response = send(request, BoundedBody.handler(ANSWER_LIMIT));
        if (response.statusCode() >= 400) {
            throw refusal(response, response.body());
        }
        return json(response.body())
                .orElseThrow(() -> new UnreachableException("expected JSON from " + address + ", but status "
                        + response.statusCode() + " came with something else: is this a Ray Gateway?"));
    }

    private HttpRequest.Builder request(String path) {
        String base = address.toString().replaceAll("/+$", "");
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(deadline)
                .header("Accept", "application/json, application/problem+json");
    }

    /** The client's own timeout ends with the headers; waiting on the future covers the body too. */
    private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body) throws InterruptedException {
        CompletableFuture<HttpResponse<T>> response = http.sendAsync(request.build(), body);
        try {
            return response.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new UnreachableException(
                    "no answer from " + address + " within " + deadline.toSeconds() + " s", late);
        } catch (ExecutionException failed) {
            throw new UnreachableException(
                    "no answer from " + address + " (" + reason(failed.getCause())
                            + "): is the gateway running, and is --url right?",
                    failed.getCause());
        } finally {
            response.cancel(true);
        }
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static RefusedException refusal(HttpResponse<?> response, byte[] body) {
        JsonNode problem = json(body).filter(JsonNode::isObject).orElseGet(Json.MAPPER::createObjectNode);
        Duration retryAfter = response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(null);
        return new RefusedException(response.statusCode(), problem, retryAfter);
    }

    private static Optional<JsonNode> json(byte[] body) {
        try {
            return Optional.ofNullable(Json.MAPPER.readTree(body)).filter(node -> !node.isMissingNode());
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
