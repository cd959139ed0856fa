package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code openapi.yaml} and the server say the same, either way round. */
class OpenApiIT {
    private static final String NOBODY = "019a8c3e-7d1a-7c55-9d0b-0a4b6f2d9e11";
    private static final OpenApi API = OpenApi.load();

    @TempDir
    static Path data;

    private static GatewayFixture gateway;
    private static String completed;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(data);
        completed = gateway.submit("{\"iterations\": 1000}");
        gateway.awaitStatus(completed, "COMPLETED");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** @return by method and path the route that {@code http-api.yaml} leads to; events are mounted beside Camel */
    private static Map<String, String> routes() throws IOException {
        JsonNode api = new YAMLMapper()
                .readTree(Path.of("routes/http-api.yaml").toFile())
                .get(0)
                .get("rest");
        Map<String, String> routes = new TreeMap<>();
        for (String method : Set.of("get", "post", "put", "delete", "patch", "head")) {
            api.path(method)
                    .forEach(route -> routes.put(
                            method.toUpperCase(Locale.ROOT) + " "
                                    + route.get("path").asText(),
                            route.get("to").asText().replace("direct:", "")));
        }
        routes.put("GET /jobs/{id}/events", "follow-job");
        return routes;
    }

    @Test
    void describesExactlyTheRoutesThereAreByTheirIds() throws IOException {
        assertThat(API.operations()).isEqualTo(routes());
    }

    static Set<String> paths() {
        return API.paths();
    }

    @ParameterizedTest
    @MethodSource("paths")
    void serverTakesExactlyTheMethodsDescribed(String path) {
        HttpResponse<String> answer = gateway.http().send("PATCH", concrete(path), BodyPublishers.noBody());

        assertThat(answer.statusCode()).isEqualTo(405);
        Set<String> allowed = new TreeSet<>(
                Arrays.asList(answer.headers().firstValue("Allow").orElse("").split(", ")));
        assertThat(allowed).isEqualTo(API.methods(path));
    }

    private static String concrete(String path) {
        return path.replace("{id}", NOBODY).replace("{name}", "monte_carlo");
    }

    @Test
    void servesTheDocumentItself() throws IOException {
        HttpResponse<String> answer = gateway.http().get("/openapi.yaml");

        assertThat(answer.headers().firstValue("Content-Type")).contains("application/yaml");
        assertThat(new YAMLMapper().readTree(answer.body())).isEqualTo(API.document());
    }

    @Test
    void acceptedJobFitsItsSchema() {
        HttpResponse<String> answer = gateway.post("{\"iterations\": 100}", "Idempotency-Key", "openapi");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertFits("submit-job", answer);
        assertThat(answer.headers().firstValue("Location")).isPresent();
    }

    @Test
    void cancellationFitsItsSchema() {
        String running = gateway.submit("{\"iterations\": 50000000000}");
        HttpResponse<String> answer = gateway.http().delete("/jobs/" + running);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertFits("cancel-job", answer);
        gateway.awaitStatus(running, "CANCELLED");
        assertFits("get-job", gateway.http().get("/jobs/" + running));
    }

    @ParameterizedTest
    @CsvSource({
        "list-jobs, 200, /jobs",
        "list-jobs, 400, /jobs?limit=0",
        "get-job, 200, /jobs/COMPLETED",
        "get-job, 400, /jobs/junk",
        "get-job, 404, /jobs/" + NOBODY,
        "get-job-result, 200, /jobs/COMPLETED/result",
        "get-job-result, 400, /jobs/junk/result",
        "get-job-result, 404, /jobs/" + NOBODY + "/result",
        "follow-job, 400, /jobs/junk/events",
        "follow-job, 404, /jobs/" + NOBODY + "/events",
        "list-computations, 200, /computations",
        "get-computation, 200, /computations/monte_carlo",
        "get-computation, 404, /computations/nothing"
    })
    void answersFitTheirSchemas(String operation, int status, String path) {
        HttpResponse<String> answer = gateway.http().get(path.replace("COMPLETED", completed));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertFits(operation, answer);
    }

    @ParameterizedTest
    @CsvSource({
        "submit-job, 400, POST, /jobs, {",
        "submit-job, 422, POST, /jobs, {}",
        "submit-job, 422, POST, /jobs, '{\"simulation_type\": \"nothing\"}'",
        "submit-job, 422, POST, /jobs, '{\"simulation_type\": \"monte_carlo\", \"parameters\": {\"iterations\": 0}}'",
        "cancel-job, 404, DELETE, /jobs/" + NOBODY + ", ''",
        "cancel-job, 409, DELETE, /jobs/COMPLETED, ''"
    })
    void refusalsFitTheirSchemas(String operation, int status, String method, String path, String body) {
        HttpResponse<String> answer = gateway.http()
                .send(
                        method,
                        path.replace("COMPLETED", completed),
                        BodyPublishers.ofString(body),
                        "Content-Type",
                        "application/json");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertFits(operation, answer);
    }

    @Test
    void eventsFitTheirSchema() {
        try (EventReader events = gateway.follow(completed)) {
            assertThat(events.awaitEnd()).isNotEmpty().allSatisfy(event -> {
                assertThat(API.validate("#/components/schemas/StatusEvent", event.json()))
                        .isEmpty();
                assertThat(API.validate("#/components/schemas/EventId", TextNode.valueOf(event.id())))
                        .isEmpty();
            });
        }
    }

    @Test
    void examplesFitTheirSchemas() {
        JsonNode post = API.document().at("/paths/~1jobs/post/requestBody/content/application~1json");
        assertThat(API.validate("#/components/schemas/JobRequest", post.get("example")))
                .isEmpty();
        assertThat(Stream.of("{}", "{\"simulation_type\": 1}", "{\"simulation_type\": \"x\", \"other\": 1}"))
                .allSatisfy(wrong -> assertThat(API.validate("#/components/schemas/JobRequest", TestHttp.json(wrong)))
                        .isNotEmpty());
    }

    private static void assertFits(String operation, HttpResponse<String> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("none");
        String schema = API.responseSchema(operation, answer.statusCode(), type);
        assertThat(API.validate(schema, TestHttp.json(answer)))
                .as(answer.body())
                .isEmpty();
    }
}
