package org.raygateway.ray.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.raygateway.job.StatusEventJson;
import org.raygateway.ray.ComputationException;

/** What becomes of each thing that a computation may return; Python's tests read the same cases. */
@Timeout(60)
class ResultsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Arguments> vectors() {
        return ResultVectors.named("vectors")
                .filter(vector -> !vector.path("only").asText().equals("python"))
                .map(vector -> Arguments.of(vector.get("name").asText(), vector));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void writesOrRefuses(String name, JsonNode vector) throws JsonProcessingException {
        Map<String, Object> result = result(vector);
        if (vector.has("refused")) {
            assertThatThrownBy(() -> Results.toJson(result))
                    .isInstanceOf(ComputationException.class)
                    .hasMessage(refusal(vector));
            return;
        }
        String json = Results.toJson(result);
        if (vector.has("text")) {
            assertThat(json).isEqualTo(vector.get("text").asText());
        } else if (vector.has("json")) {
            assertThat(JSON.readTree(json)).isEqualTo(vector.get("json"));
        }
        assertThat(received(json)).isEqualTo(JSON.readTree(json));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> result(JsonNode vector) {
        return (Map<String, Object>) ResultVectors.build(vector.get("result"));
    }

    private static String refusal(JsonNode vector) {
        String type = vector.path("types").path("java").asText();
        return vector.get("refused").asText().replace("{type}", type);
    }

    /** What the gateway reads out of the status message. */
    private static JsonNode received(String result) throws JsonProcessingException {
        String message =
                "{\"job_id\":\"4f6b3c0e-5ab4-7dd2-8a43-a2f2f2a4f6de\",\"status\":\"COMPLETED\",\"progress\":100,"
                        + "\"attempt\":1,\"sequence\":2,\"result\":" + result
                        + ",\"occurred_at\":\"2025-01-02T03:04:05Z\"}";
        return JSON.readTree(StatusEventJson.read(message).result());
    }
}
