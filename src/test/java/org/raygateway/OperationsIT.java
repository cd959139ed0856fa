package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.settings.SettingsException;

/** The operators' port: what it serves, and that it serves nothing else. */
class OperationsIT {
    @TempDir
    static Path data;

    private static final FakeDriver DRIVER = FakeDriver.start();
    private static GatewayFixture gateway;
    private static TestHttp operations;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(data, DRIVER.properties());
        operations = gateway.operations();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        DRIVER.close();
    }

    @Test
    void servesWhatIsListedHereAndNothingElse() {
        Set<String> served = new TreeSet<>();
        for (Route route : gateway.gateway().operationsRouter().getRoutes()) {
            assertThat(route.methods()).as(String.valueOf(route.getPath())).isNotNull();
            route.methods().stream()
                    .map(HttpMethod::name)
                    .forEach(method -> served.add(method + " " + route.getPath()));
        }
        assertThat(served)
                .containsExactlyInAnyOrder(
                        "GET /observe/health",
                        "GET /observe/health/live",
                        "GET /observe/health/ready",
                        "GET /observe/metrics",
                        "GET /ops/routes",
                        "POST /ops/routes/:id/suspend",
                        "POST /ops/routes/:id/resume",
                        "POST /ops/routes/:id/stop",
                        "POST /ops/routes/:id/start",
                        "GET /ops/dispatch",
                        "POST /ops/dispatch/hold",
                        "POST /ops/dispatch/resume");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/q",
                "/q/dev",
                "/q/dev/",
                "/q/dev/route?action=suspend&filter=*",
                "/q/dev/send?endpoint=log:x&body=x",
                "/q/dev/properties",
                "/q/info",
                "/q/send",
                "/q/send/",
                "/q/health",
                "/q/metrics",
                "/q/upload/x",
                "/q/download",
                "/q/jolokia/",
                "/observe",
                "/observe/info",
                "/observe/health/nothing",
                "/ops",
                "/ops/routes/submit-job",
                "/jobs",
                "/index.html",
                "/application.properties"
            })
    void hasNothingAtCamelsPaths(String path) {
        for (String method : new String[] {"GET", "POST", "PUT", "DELETE"}) {
            assertProblem(operations.send(method, path, BodyPublishers.ofString("x")), 404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.main.devConsoleEnabled",
                "camel.main.dev-console-enabled",
                "camel.context.dev-console",
                "camel.management.enabled",
                "camel.management.devConsoleEnabled",
                "camel.server.enabled",
                "camel.server.sendEnabled",
                "CAMEL.Server.Enabled"
            })
    void noPropertyBringsCamelsConsoleBack(String property, @TempDir Path other) {
        assertThatThrownBy(() -> GatewayFixture.start(other, DRIVER.properties(property, "true")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("`" + property + "`");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /observe/health, GET",
        "DELETE, /observe/metrics, GET",
        "POST, /ops/routes, GET",
        "GET, /ops/routes/submit-job/stop, POST",
        "GET, /ops/dispatch/hold, POST",
        "PUT, /ops/dispatch/resume, POST"
    })
    void looksTakeGetAndChangesTakePost(String method, String path, String allowed) {
        HttpResponse<String> answer = operations.send(method, path, BodyPublishers.noBody());

        assertProblem(answer, 405);
        assertThat(answer.headers().firstValue("Allow")).contains(allowed);
        assertThat(gateway.post(SHORT).statusCode()).isEqualTo(202);
    }

    @Test
    void listsRoutesWithStateAndFigures() {
        gateway.submit(SHORT);
        JsonNode submit = route("submit-job");

        assertThat(submit.get("state").asText()).isEqualTo("Started");
        assertThat(submit.get("description").asText()).startsWith("Checks a posted job");
        assertThat(submit.get("uptime_ms").asLong()).isPositive();
        assertThat(submit.at("/exchanges/total").asLong()).isPositive();
        for (String figure : new String[] {"failed", "inflight", "mean_ms", "last_ms"}) {
            assertThat(submit.at("/exchanges/" + figure).isNumber()).as(figure).isTrue();
        }
    }

    private static JsonNode route(String id) {
        for (JsonNode route : TestHttp.json(operations.get("/ops/routes")).get("routes")) {
            if (route.get("id").asText().equals(id)) {
                return route;
            }
        }
        throw new AssertionError("no route " + id);
    }

    /** The route of the HTTP operation itself, and one behind it. */
    @ParameterizedTest
    @CsvSource({
        "post-jobs, suspend, resume, Suspended",
        "post-jobs, stop, start, Stopped",
        "submit-job, stop, start, Stopped"
    })
    void takesRoutesOutAndBringsThemBack(String id, String out, String back, String state) {
        for (int twice = 0; twice < 2; twice++) {
            assertState(act(id, out), state);
        }
        assertThat(route(id).get("state").asText()).isEqualTo(state);
        HttpResponse<String> refused = gateway.post(SHORT);
        assertThat(refused.statusCode()).isIn(503, 405);
        assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(operations.get("/ops/routes").statusCode()).isEqualTo(200);

        for (int twice = 0; twice < 2; twice++) {
            assertState(act(id, back), "Started");
        }
        assertThat(gateway.post(SHORT).statusCode()).isEqualTo(202);
    }

    @Test
    void suspendsDispatchingWhilePostsAreAccepted() {
        HttpResponse<String> suspended = act("dispatch-job", "suspend");
        // What cannot be suspended is stopped instead, and resumed by a start.
        assertThat(TestHttp.json(suspended).get("state").asText()).isIn("Suspended", "Stopped");
        String job = gateway.submit(SHORT);
        assertState(act("dispatch-job", "resume"), "Started");
        gateway.awaitStatus(job, "DISPATCHED");
    }

    @Test
    void saysWhatCannotBeDone() {
        assertProblem(act("nothing", "stop"), 404);
        assertProblem(act("..%2Fdispatch", "stop"), 404);
        assertProblem(act("purge-jobs", "explode"), 404);
        assertProblem(act("purge-jobs", "resume"), 200, 409);
        assertState(act("purge-jobs", "stop"), "Stopped");
        assertProblem(act("purge-jobs", "resume"), 409);
        assertProblem(act("purge-jobs", "suspend"), 409);
        assertState(act("purge-jobs", "start"), "Started");
    }

    @Test
    void holdsAndResumesDispatching() {
        assertThat(TestHttp.json(operations.get("/ops/dispatch")).get("held").asBoolean())
                .isFalse();
        JsonNode held = TestHttp.json(operations.send("POST", "/ops/dispatch/hold", BodyPublishers.noBody()));
        assertThat(held.get("held").asBoolean()).isTrue();
        assertThat(TestHttp.json(operations.get("/ops/dispatch")).get("since")).isEqualTo(held.get("since"));
        operations.send("POST", "/ops/dispatch/resume", BodyPublishers.noBody());
        assertThat(TestHttp.json(operations.get("/ops/dispatch")).get("held").asBoolean())
                .isFalse();
    }

    @Test
    void tellsHealthAndFigures() {
        await().untilAsserted(() ->
                assertThat(operations.get("/observe/health").statusCode()).isEqualTo(200));
        for (String path : new String[] {"/observe/health", "/observe/health/live", "/observe/health/ready"}) {
            assertThat(TestHttp.json(operations.get(path)).get("status").asText())
                    .isEqualTo("UP");
        }
        assertThat(operations.get("/observe/health?stackTrace=true&data=true").body())
                .contains("\"messaging\"", "\"gateway\"")
                .doesNotContain("Exception", "\tat ");
        gateway.submit(SHORT);
        assertThat(operations.get("/observe/metrics").body())
                .contains(
                        "gateway_jobs_active", "resilience4j_circuitbreaker_state", "camel_route_policy", "submit-job");
    }

    private static HttpResponse<String> act(String route, String action) {
        return operations.send("POST", "/ops/routes/" + route + "/" + action, BodyPublishers.noBody());
    }

    private static void assertState(HttpResponse<String> answer, String state) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(TestHttp.json(answer).get("state").asText()).isEqualTo(state);
    }

    private static void assertProblem(HttpResponse<String> answer, int... statuses) {
        assertThat(statuses).contains(answer.statusCode());
        if (answer.statusCode() >= 400) {
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(TestHttp.json(answer).get("status").asInt()).isEqualTo(answer.statusCode());
            assertThat(answer.body()).doesNotContain("Exception", "\tat ");
        }
    }
}
