package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that only look at the message, put before and after every step of the API's routes, change no answer. */
class AddedStepsIT {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String LOOKS =
            """
            - log: "${body}"
            - log: "${bodyAs(String)}"
            - wireTap: {uri: "mock:tapped"}
            - to: "mock:looked"
            - filter: {simple: "${body} contains 'nothing of the kind'", steps: [{stop: {}}]}
            """;

    @TempDir
    Path folder;

    private final FakeDriver driver = FakeDriver.start();

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void lookingAtBodyAnywhereChangesNoAnswer() throws IOException {
        List<String> expected = answers(folder.resolve("plain"), false);
        List<String> answers = answers(folder.resolve("looked-at"), true);

        assertThat(expected)
                .anyMatch(answer -> answer.startsWith("202 "))
                .noneMatch(answer -> answer.startsWith("500 "));
        assertThat(answers).isEqualTo(expected);
    }

    private List<String> answers(Path home, boolean looked) throws IOException {
        try (RoutesHome routes = RoutesHome.in(home, (name, content) -> looked ? withLooks(content) : content);
                GatewayFixture gateway = GatewayFixture.start(routes.data(), driver.properties())) {
            return answers(gateway);
        }
    }

    private static List<String> answers(GatewayFixture gateway) {
        List<HttpResponse<String>> answers = new ArrayList<>();
        TestHttp http = gateway.http();
        String body = GatewayFixture.job(GatewayFixture.SHORT);
        HttpResponse<String> accepted = http.post("/jobs", body, "Idempotency-Key", "k");
        answers.add(accepted);
        answers.add(http.post("/jobs", body, "Idempotency-Key", "k"));
        answers.add(http.post("/jobs", GatewayFixture.job("{\"iterations\": 7}"), "Idempotency-Key", "k"));
        answers.add(http.post("/jobs", "{\"simulation_type\": \"none\", \"parameters\": {}}"));
        answers.add(http.post("/jobs", "no JSON"));
        String job = "/jobs/" + TestHttp.json(accepted).get("job_id").asText();
        gateway.awaitStatus(job.substring(6), "DISPATCHED");
        answers.add(http.get(job));
        answers.add(http.get(job + "/result"));
        gateway.serviceBus().publish(Statuses.completed(job.substring(6), 1, 1));
        gateway.awaitStatus(job.substring(6), "COMPLETED");
        for (String path : List.of(
                job,
                job + "/result",
                "/jobs?limit=1",
                "/jobs?limit=x",
                "/jobs/x",
                "/jobs/01900000-0000-7000-8000-000000000001",
                "/computations",
                "/computations/monte_carlo",
                "/computations/none",
                "/openapi.yaml")) {
            answers.add(http.get(path));
        }
        answers.add(http.delete(job));
        answers.add(http.delete("/jobs/" + gateway.submitDispatched(GatewayFixture.SHORT)));
        return answers.stream().map(AddedStepsIT::comparable).toList();
    }

    private static String comparable(HttpResponse<String> answer) {
        String text = answer.statusCode() + " "
                + answer.headers().firstValue("Content-Type").orElse("") + " "
                + answer.headers().map().keySet().stream().sorted().toList() + " " + answer.body();
        return text.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
                .replaceAll("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME");
    }

    /** Between all steps of routes that answer HTTP. */
    private static String withLooks(String content) {
        try {
            JsonNode file = YAML.readTree(content);
            JsonNode route = file.get(0).path("route");
            if (!"answer-http-errors".equals(route.path("routeConfigurationId").asText())) {
                return content;
            }
            ObjectNode from = (ObjectNode) route.get("from");
            ArrayNode steps = YAML.createArrayNode();
            steps.addAll(looks());
            for (JsonNode step : from.get("steps")) {
                steps.add(step).addAll(looks());
            }
            from.set("steps", steps);
            return YAML.writeValueAsString(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static ArrayNode looks() throws IOException {
        return (ArrayNode) YAML.readTree(LOOKS);
    }
}
