package org.raygateway.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One thread of HTTP/1.1 keep-alive, since client and server share the machine. Everything inside runs on that thread. */
public final class LoadClient implements AutoCloseable {
    private static final int REQUEST_MILLIS = 60_000;
    private static final int LONGEST_ANSWER = 16 << 20;

    /** An answer; the body is empty where none came. */
    public record Answer(int status, Buffer body) {}

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final int port;
    private final HttpClient http;

    public LoadClient(int port, int connections) {
        this.port = port;
        this.http = vertx.createHttpClient(new HttpClientOptions()
                .setMaxPoolSize(connections)
                .setKeepAlive(true)
                .setKeepAliveTimeout(300)
                .setConnectTimeout(REQUEST_MILLIS)
                .setTcpNoDelay(true));
    }

    /** The pooled job that everything but the fan-out is measured with. */
    public static Buffer shortJob() {
        return job("monte_carlo", Map.of("iterations", 1000));
    }

    public static Buffer job(String computation, Map<String, Object> parameters) {
        return new JsonObject()
                .put("simulation_type", computation)
                .put("parameters", new JsonObject(parameters))
                .toBuffer();
    }

    public Future<Answer> post(String path, Buffer body) {
        return request(HttpMethod.POST, path, body);
    }

    public Future<JsonObject> get(String path) {
        return request(HttpMethod.GET, path, Buffer.buffer()).map(answer -> {
            if (answer.status() != 200) {
                throw new IllegalStateException("GET " + path + " answered " + answer.status() + " " + answer.body());
            }
            return answer.body().toJsonObject();
        });
    }

    private Future<Answer> request(HttpMethod method, String path, Buffer body) {
        return http.request(options(method, path).setTimeout(REQUEST_MILLIS))
                .compose(request -> {
                    // Ray's dashboard answers 500 without one.
                    request.putHeader("User-Agent", "ray-gateway-bench");
                    if (method == HttpMethod.POST) {
                        request.putHeader("Content-Type", "application/json");
                    }
                    return request.send(body);
                })
                .compose(response -> response.body().map(content -> new Answer(response.statusCode(), content)));
    }

    /** Follows a job's events; the future ends with the stream. */
    Future<Void> follow(String jobId, Runnable onOpen, Consumer<JsonObject> onEvent) {
        Promise<Void> end = Promise.promise();
        http.request(options(HttpMethod.GET, "/jobs/" + jobId + "/events"))
                .compose(request -> request.send())
                .onFailure(end::fail)
                .onSuccess(response -> {
                    if (response.statusCode() != 200) {
                        end.fail("the event stream answered " + response.statusCode());
                        return;
                    }
                    onOpen.run();
                    RecordParser events = RecordParser.newDelimited("\n\n", event -> read(event, onEvent));
                    events.maxRecordSize(LONGEST_ANSWER);
                    response.handler(events);
                    response.exceptionHandler(end::tryFail);
                    response.endHandler(nothing -> end.tryComplete());
                });
        return end.future();
    }

    private static void read(Buffer event, Consumer<JsonObject> onEvent) {
        JsonObject status = null;
        String id = "";
        for (String line : event.toString().split("\n")) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                status = new JsonObject(line.substring(6));
            }
        }
        if (status != null) {
            onEvent.accept(status.put("event_id", id));
        }
    }

    private RequestOptions options(HttpMethod method, String path) {
        return new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMethod(method)
                .setURI(path);
    }

    public Vertx vertx() {
        return vertx;
    }

    /** Runs on the client's thread and waits for the outcome, for as long as given. */
    public <T> T await(Duration limit, Supplier<Future<T>> work) throws InterruptedException {
        Promise<T> outcome = Promise.promise();
        context.runOnContext(now -> work.get().onComplete(outcome));
        try {
            return outcome.future()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a measurement failed", failed.getCause());
        } catch (TimeoutException late) {
            throw new IllegalStateException("a measurement took longer than " + limit.toSeconds() + " s", late);
        }
    }

    @Override
    public void close() {
        http.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
