package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raygateway.GatewayFixture.SHORT;
import static org.raygateway.GatewayFixture.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers get over HTTP, above all when they ask wrongly. */
class HttpContractIT {
    private static final String NOBODY = "019a8c3e-7d1a-7c55-9d0b-0a4b6f2d9e11";

    @TempDir
    static Path data;

    private static GatewayFixture gateway;
    private static TestHttp http;
    private static String completed;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(data);
        http = gateway.http();
        completed = gateway.submit("{\"iterations\": 1000}");
        gateway.awaitStatus(completed, "COMPLETED");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void acceptsJobWithLocationAndMessage() {
        HttpResponse<String> answer = gateway.post("{\"iterations\": 10000}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(contentType(answer)).isEqualTo("application/json");
        JsonNode body = TestHttp.json(answer);
        String id = body.get("job_id").asText();
        assertThat(UUID.fromString(id).version()).isEqualTo(7);
        assertThat(body.get("status").asText()).isEqualTo("SUBMITTED");
        assertThat(body.get("message").asText()).isEqualTo("Job has been accepted and is pending execution.");
        assertThat(answer.headers().firstValue("Location")).contains("/jobs/" + id);
    }

    @Test
    void showsCompletedJobWithDefaultsFilledInAndItsResult() {
        JsonNode job = gateway.find(completed);
        assertThat(job.get("status").asText()).isEqualTo("COMPLETED");
        assertThat(job.get("progress").asInt()).isEqualTo(100);
        assertThat(job.at("/parameters/iterations").asInt()).isEqualTo(1000);
        assertThat(job.at("/parameters/seed").asInt()).isEqualTo(42);

        JsonNode result = TestHttp.json(http.get("/jobs/" + completed + "/result"));
        assertThat(result.at("/result/estimate").asDouble()).isBetween(2.5, 3.8);
    }

    @Test
    void takesMissingParametersAsNone() {
        HttpResponse<String> answer = http.post("/jobs", "{\"simulation_type\": \"monte_carlo\"}");

        assertProblem(answer, 422);
        assertThat(TestHttp.json(answer).at("/errors/0/pointer").asText()).isEqualTo("/iterations");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "nonsense",
                "[]",
                "\"text\"",
                "{\"simulation_type\": \"monte_carlo\"} trailing",
                "{\"simulation_type\": \"monte_carlo\", \"simulation_type\": \"monte_carlo\"}",
                "{\"simulation_type\": \"monte_carlo\", \"parameters\": {\"seed\": 1, \"seed\": 2}}",
                "{\"simulation_type\": NaN}"
            })
    void refusesBodyThatIsNoJsonObject(String body) {
        assertProblem(http.post("/jobs", body), 400);
    }

    @Test
    void refusesBodyThatIsNoUtf8() {
        byte[] body = job(SHORT).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        body[4] = (byte) 0xff;
        assertProblem(
                http.send("POST", "/jobs", BodyPublishers.ofByteArray(body), "Content-Type", "application/json"), 400);
    }

    @ParameterizedTest
    @ValueSource(ints = {33, 1000, 20_000})
    void refusesDeepBody(int depth) {
        assertProblem(http.post("/jobs", job("[".repeat(depth) + "]".repeat(depth))), 400);
    }

    @Test
    void refusesNumberOfManyDigits() {
        assertProblem(http.post("/jobs", job("{\"iterations\": " + "9".repeat(10_000) + "}")), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "é", "\t"})
    void refusesMalformedIdempotencyKey(String key) {
        String answer = http.raw("POST /jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nIdempotency-Key: x" + key + "y\r\nContent-Length: 2\r\n\r\n{}");
        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
    }

    @Test
    void refusesLongIdempotencyKey() {
        assertProblem(gateway.post("{}", "Idempotency-Key", "k".repeat(256)), 400);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /jobs/1",
        "GET, /jobs/not-a-uuid-not-a-uuid-not-a-uuid-not-",
        "GET, /jobs/1-2-3-4-5",
        "GET, /jobs/zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz",
        "GET, /jobs/1/result",
        "GET, /jobs/1/events",
        "DELETE, /jobs/1"
    })
    void refusesMalformedJobId(String method, String path) {
        assertProblem(http.send(method, path, BodyPublishers.noBody()), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=201",
                "limit=ten",
                "limit=",
                "limit=-1",
                "limit=1&limit=2",
                "status=DONE",
                "status=",
                "submitted_from=yesterday",
                "submitted_to=2026-01-31",
                "cursor=abc",
                "colour=red",
                "=",
                "%zz=1",
                "status=%E0%A4%A"
            })
    void refusesJunkQuery(String query) {
        assertThat(rawGet("/jobs?" + query)).startsWith("HTTP/1.1 400").contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"junk", "1", "1-", "-1-2", "1-2-3", "99999999999-1", "1-x", ""})
    void refusesJunkLastEventId(String id) {
        assertProblem(http.get("/jobs/" + completed + "/events", "Last-Event-ID", id), 400);
        assertProblem(http.get("/jobs/" + completed + "/events?last_event_id=" + id), 400);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /jobs/" + NOBODY,
        "GET, /jobs/" + NOBODY + "/result",
        "GET, /jobs/" + NOBODY + "/events",
        "DELETE, /jobs/" + NOBODY,
        "GET, /computations/nothing",
        "GET, /computations/..%2fetc",
        "GET, /",
        "GET, /nothing",
        "GET, /jobs/" + NOBODY + "/nothing",
        "GET, /openapi.json",
        "GET, /observe/health",
        "POST, /nothing"
    })
    void saysNotFound(String method, String path) {
        assertProblem(http.send(method, path, BodyPublishers.noBody()), 404);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /jobs, 'GET, POST'",
        "PATCH, /jobs, 'GET, POST'",
        "DELETE, /jobs, 'GET, POST'",
        "POST, /jobs/" + NOBODY + ", 'DELETE, GET'",
        "PUT, /jobs/" + NOBODY + ", 'DELETE, GET'",
        "POST, /jobs/" + NOBODY + "/result, GET",
        "POST, /jobs/" + NOBODY + "/events, GET",
        "DELETE, /jobs/" + NOBODY + "/events, GET",
        "POST, /computations, GET",
        "DELETE, /computations/monte_carlo, GET",
        "POST, /openapi.yaml, GET",
        "TRACE, /jobs, 'GET, POST'"
    })
    void namesAllowedMethods(String method, String path, String allowed) {
        HttpResponse<String> answer = http.send(method, path, BodyPublishers.noBody());

        assertProblem(answer, 405);
        String allow = answer.headers().firstValue("Allow").orElse("");
        assertThat(allow.split(", ")).contains(allowed.split(", "));
        assertThat(allow).doesNotContain(method);
    }

    @ParameterizedTest
    @CsvSource({
        "/jobs, text/html",
        "/jobs/" + NOBODY + ", text/event-stream",
        "/computations, image/png",
        "/openapi.yaml, text/html",
        "/jobs/" + NOBODY + "/events, application/json"
    })
    void refusesAcceptThatExcludesItsAnswers(String path, String accept) {
        assertProblem(http.get(path, "Accept", accept), 406);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/*",
                "application/json;q=0.5, text/html",
                "application/problem+json",
                "text/html, */*;q=0.1"
            })
    void answersAcceptThatIncludesJson(String accept) {
        assertThat(http.get("/computations", "Accept", accept).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesToCancelOrGiveWhatIsNotThere() {
        assertProblem(http.delete("/jobs/" + completed), 409);

        String running = gateway.submit("{\"iterations\": 50000000000}");
        assertProblem(http.get("/jobs/" + running + "/result"), 409);
        assertThat(http.delete("/jobs/" + running).statusCode()).isEqualTo(202);
        gateway.awaitStatus(running, "CANCELLED");
    }

    @Test
    void refusesLargeBody() {
        assertProblem(http.post("/jobs", job("{\"note\": \"" + "x".repeat(70_000) + "\"}")), 413);
    }

    @Test
    void refusesLargeBodyOfUnknownLength() {
        byte[] large =
                job("{\"note\": \"" + "x".repeat(70_000) + "\"}").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var chunked = BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large));
        assertProblem(http.send("POST", "/jobs", chunked, "Content-Type", "application/json"), 413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/xml",
                "multipart/form-data; boundary=x"
            })
    void refusesOtherMediaTypes(String type) {
        assertProblem(http.send("POST", "/jobs", BodyPublishers.ofString(job(SHORT)), "Content-Type", type), 415);
    }

    @Test
    void refusesMissingMediaType() {
        assertProblem(http.send("POST", "/jobs", BodyPublishers.ofString(job(SHORT))), 415);
    }

    @Test
    void acceptsMediaTypeWithCharset() {
        var answer = http.send(
                "POST",
                "/jobs",
                BodyPublishers.ofString(job(SHORT)),
                "Content-Type",
                "application/json; charset=utf-8");
        assertThat(answer.statusCode()).isEqualTo(202);
    }

    @Test
    void refusesUnknownTypeAndNamesKnownOnes() {
        HttpResponse<String> answer = http.post("/jobs", "{\"simulation_type\": \"nothing\", \"parameters\": {}}");

        assertProblem(answer, 422);
        assertThat(TestHttp.json(answer).get("known"))
                .extracting(JsonNode::asText)
                .contains("monte_carlo");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"simulation_type\": \"monte_carlo\", \"parameters\": {\"iterations\": -1}} | /iterations",
                "{\"simulation_type\": \"monte_carlo\", \"parameters\": {\"iterations\": \"many\"}} | /iterations",
                "{\"simulation_type\": \"monte_carlo\", \"parameters\": {\"seed\": 1.5}} | /seed",
                "{\"simulation_type\": \"monte_carlo\", \"parameters\": []} | /parameters",
                "{\"simulation_type\": \"monte_carlo\", \"parameters\": null} | /parameters",
                "{\"simulation_type\": 7} | /simulation_type",
                "{\"simulation_type\": \"\"} | /simulation_type",
                "{\"parameters\": {}} | /simulation_type"
            })
    void pointsAtWhatIsWrong(String body, String pointer) {
        HttpResponse<String> answer = http.post("/jobs", body);

        assertProblem(answer, 422);
        assertThat(TestHttp.json(answer).get("errors"))
                .extracting(error -> error.get("pointer").asText())
                .contains(pointer);
    }

    @Test
    void refusesUnknownParametersAndMembers() {
        assertProblem(http.post("/jobs", job("{\"colour\": \"red\"}")), 422);
        assertProblem(http.post("/jobs", "{\"simulation_type\": \"monte_carlo\", \"priority\": 1}"), 422);
    }

    @Test
    void describesComputations() {
        JsonNode list = TestHttp.json(http.get("/computations"));
        assertThat(list.get("computations"))
                .extracting(one -> one.get("name").asText())
                .contains("monte_carlo");

        JsonNode one = TestHttp.json(http.get("/computations/monte_carlo"));
        assertThat(one.at("/parameters/properties/iterations").isObject()).isTrue();
        assertThat(http.post("/jobs", job(one.get("example").toString())).statusCode())
                .isEqualTo(202);
    }

    @Test
    void listsJobsInPagesWithoutGapOrRepetition() {
        List<String> posted = List.of(gateway.submit(SHORT), gateway.submit(SHORT), gateway.submit(SHORT));

        JsonNode first = TestHttp.json(http.get("/jobs?limit=2"));
        String cursor = first.get("next_cursor").asText();
        JsonNode second = TestHttp.json(http.get("/jobs?limit=2&cursor=" + cursor));

        assertThat(first.get("jobs"))
                .extracting(job -> job.get("job_id").asText())
                .containsExactly(posted.get(2), posted.get(1));
        assertThat(second.get("jobs").get(0).get("job_id").asText()).isEqualTo(posted.get(0));
    }

    @Test
    void listsByStatus() {
        JsonNode page = TestHttp.json(http.get("/jobs?status=completed&simulation_type=monte_carlo"));
        assertThat(page.get("jobs"))
                .isNotEmpty()
                .allSatisfy(job -> assertThat(job.get("status").asText()).isEqualTo("COMPLETED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/jobs", "/computations", "/openapi.yaml", "/nothing"})
    void answersHeadAndOptionsWithoutBodyOrInternals(String path) {
        HttpResponse<String> head = http.send("HEAD", path, BodyPublishers.noBody());
        assertThat(head.statusCode()).isIn(200, 404, 405);
        assertThat(head.body()).isEmpty();
        assertCleanHeaders(head);

        HttpResponse<String> options = http.send("OPTIONS", path, BodyPublishers.noBody());
        assertThat(options.statusCode()).isIn(200, 204, 404, 405);
        assertCleanHeaders(options);
    }

    @Test
    void echoesNothingOfTheCallers() {
        String[] own = {
            "Authorization",
            "Bearer secret-token",
            "Cookie",
            "session=secret-token",
            "X-Custom",
            "secret-token",
            "CamelHttpResponseCode",
            "418",
            "breadcrumbId",
            "secret-token"
        };
        List.of(
                        gateway.post(SHORT, own),
                        gateway.post("{\"iterations\": -1}", own),
                        http.get("/jobs", own),
                        http.get("/jobs/" + completed, own),
                        http.get("/jobs/" + completed + "/events", own),
                        http.get("/computations", own),
                        http.get("/openapi.yaml", own),
                        http.get("/nothing", own))
                .forEach(answer -> {
                    assertThat(answer.statusCode()).isNotEqualTo(418);
                    assertThat(answer.headers().map().toString() + answer.body())
                            .doesNotContain("secret-token");
                    assertCleanHeaders(answer);
                });
    }

    @Test
    void answersMalformedHttpWithoutInternals() {
        assertThat(http.raw("NONSENSE\r\n\r\n")).contains(" 400 ").doesNotContain("Exception", "netty");
        assertThat(http.raw("GET /jobs HTTP/1.1\r\nHost: x\r\nX-Long: " + "y".repeat(100_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 4")
                .doesNotContain("Exception", "netty");
    }

    private String rawGet(String target) {
        return http.raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    private static String contentType(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("none");
    }

    private static void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(contentType(answer)).isEqualTo("application/problem+json");
        JsonNode problem = TestHttp.json(answer);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isNotBlank();
        assertThat(problem.get("detail").asText()).isNotBlank();
        assertThat(answer.body()).doesNotContain("Exception", "org.raygateway", "java.", "\tat ", "camel", "vertx");
        assertCleanHeaders(answer);
    }

    private static void assertCleanHeaders(HttpResponse<String> answer) {
        assertThat(answer.headers().map().keySet())
                .allSatisfy(name -> assertThat(name.toLowerCase(java.util.Locale.ROOT))
                        .isIn(
                                "content-type",
                                "content-length",
                                "transfer-encoding",
                                "location",
                                "allow",
                                "retry-after",
                                "cache-control",
                                "x-accel-buffering",
                                "connection"));
    }
}
