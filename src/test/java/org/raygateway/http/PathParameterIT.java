package org.raygateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.FakeDriver;
import org.raygateway.GatewayFixture;
import org.raygateway.TestHttp;

/** What a path names comes from the path alone, whatever else a request says. */
class PathParameterIT {
    @TempDir
    static Path data;

    private static final FakeDriver DRIVER = FakeDriver.start();
    private static GatewayFixture gateway;
    private static String asked;
    private static String other;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(data, DRIVER.properties());
        asked = gateway.submit("{\"iterations\": 1001}");
        other = gateway.submit("{\"iterations\": 1002}");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        DRIVER.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "Id", "ID"})
    void showsTheJobOfThePath(String name) {
        for (HttpResponse<String> answer : List.of(
                gateway.http().get("/jobs/" + asked, name, other),
                gateway.http().get("/jobs/" + asked + "?" + name + "=" + other))) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(TestHttp.json(answer).get("job_id").asText()).isEqualTo(asked);
        }
        assertThat(gateway.http().get("/jobs/" + asked + "/result", name, other).body())
                .contains("\"job_status\"")
                .contains(asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "Name", "NAME"})
    void showsTheComputationOfThePath(String name) {
        for (HttpResponse<String> answer : List.of(
                gateway.http().get("/computations/epidemic", name, "monte_carlo"),
                gateway.http().get("/computations/epidemic?" + name + "=monte_carlo"))) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(TestHttp.json(answer).get("name").asText()).isEqualTo("epidemic");
        }
    }

    @Test
    void cancelsTheJobOfThePath() {
        String doomed = gateway.submitDispatched(GatewayFixture.SHORT);
        String spared = gateway.submitDispatched(GatewayFixture.SHORT);

        gateway.http().delete("/jobs/" + doomed, "id", spared);
        gateway.http()
                .send(
                        "DELETE",
                        "/jobs/" + doomed + "?ID=" + spared,
                        BodyPublishers.ofString("id=" + spared),
                        "Content-Type",
                        "application/x-www-form-urlencoded");

        assertThat(DRIVER.cancels()).contains(doomed).doesNotContain(spared);
    }

    @ParameterizedTest
    @CsvSource({
        "CamelHttpMethod, DELETE",
        "camelhttpmethod, DELETE",
        "CAMELHttpPath, /jobs",
        "CamelHttpRawQuery, limit=x",
        "CamelHttpResponseCode, 500",
        "cAmElFileName, /etc/passwd",
        "CamelBeanMethodName, list",
        "org.apache.camel.x, y"
    })
    void ignoresHeadersThatAreCamelsOwn(String name, String value) {
        for (HttpResponse<String> answer : List.of(
                gateway.http().get("/jobs/" + asked, name, value),
                gateway.http().get("/jobs/" + asked + "?" + name + "=" + value))) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(TestHttp.json(answer).get("job_id").asText()).isEqualTo(asked);
        }
        assertThat(gateway.http().get("/jobs", name, value).statusCode()).isEqualTo(200);
    }

    @Test
    void takesNoHeaderFromTheQuery() {
        String path = "/jobs?Idempotency-Key=same-key&traceparent=junk";
        String first = TestHttp.json(gateway.http().post(path, GatewayFixture.job(GatewayFixture.SHORT)))
                .get("job_id")
                .asText();
        String second = TestHttp.json(gateway.http().post(path, GatewayFixture.job(GatewayFixture.SHORT)))
                .get("job_id")
                .asText();

        assertThat(second).isNotEqualTo(first);
    }
}
