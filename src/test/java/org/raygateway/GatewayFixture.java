package org.raygateway;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A whole gateway in this JVM, on ports of its own, and what tests ask of it. */
public final class GatewayFixture implements AutoCloseable {
    /** Parameters of a short {@code monte_carlo}. */
    public static final String SHORT = "{\"iterations\": 10000}";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Gateway gateway;
    private final TestHttp http;

    private GatewayFixture(Gateway gateway) {
        this.gateway = gateway;
        this.http = new TestHttp(URI.create("http://127.0.0.1:" + gateway.httpPort()));
    }

    /** @param overrides property names and values in turn */
    public static GatewayFixture start(Path data, String... overrides) {
        return new GatewayFixture(Gateway.start(settings(data, overrides)));
    }

    /** What keeps gateways of tests apart, and the given properties. */
    public static Map<String, String> settings(Path data, String... overrides) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "gateway.http.port", "0",
                "gateway.operations.port", "0",
                "gateway.servicebus.embedded.port", "0",
                "gateway.data-dir", data.toString()));
        for (int i = 0; i < overrides.length; i += 2) {
            settings.put(overrides[i], overrides[i + 1]);
        }
        return settings;
    }

    Gateway gateway() {
        return gateway;
    }

    public TestHttp http() {
        return http;
    }

    public TestHttp operations() {
        return new TestHttp(URI.create("http://127.0.0.1:" + gateway.operationsPort()));
    }

    /** Posts an operation that must succeed. */
    public void operate(String path) {
        HttpResponse<String> answer = operations().post(path, "");
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(path + ": expected 2xx, got " + answer.statusCode() + ": " + answer.body());
        }
    }

    public TestServiceBus serviceBus() {
        return new TestServiceBus(gateway.serviceBusConnectionString());
    }

    /** Posts a job of {@code monte_carlo} that must be accepted, and returns its id. */
    public String submit(String parameters) {
        return submitOf("monte_carlo", parameters);
    }

    /** Posts a job that must be accepted, and returns its id. */
    public String submitOf(String computation, String parameters) {
        HttpResponse<String> answer = http.post(
                "/jobs", "{\"simulation_type\": \"" + computation + "\", \"parameters\": " + parameters + "}");
        if (answer.statusCode() != 202) {
            throw new AssertionError("expected 202, got " + answer.statusCode() + ": " + answer.body());
        }
        return TestHttp.json(answer).get("job_id").asText();
    }

    /** {@link #submit}, and waits until the job is in the driver's hands. */
    public String submitDispatched(String parameters) {
        String job = submit(parameters);
        awaitStatus(job, "DISPATCHED");
        return job;
    }

    public HttpResponse<String> post(String parameters, String... headers) {
        return http.post("/jobs", job(parameters), headers);
    }

    public static String job(String parameters) {
        return "{\"simulation_type\": \"monte_carlo\", \"parameters\": " + parameters + "}";
    }

    public JsonNode find(String job) {
        return TestHttp.json(http.get("/jobs/" + job));
    }

    public String statusOf(String job) {
        return find(job).path("status").asText();
    }

    public JsonNode awaitStatus(String job, String status) {
        await().atMost(PATIENCE).until(() -> statusOf(job), status::equals);
        return find(job);
    }

    /** Follows a job from its first event. */
    public EventReader follow(String job, String... headers) {
        return EventReader.open(http.uri("/jobs/" + job + "/events"), headers);
    }

    @Override
    public void close() {
        gateway.close();
    }
}
