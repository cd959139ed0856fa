package org.raygateway.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProblemJsonTest {
    private record Mistake(String pointer, String message) {}

    @Test
    void writesTheStandardMembersInOrder() {
        assertThat(ProblemJson.write(Problem.of(404, "Not Found", "There is no such job.")))
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                        + "\"detail\":\"There is no such job.\"}");
    }

    @Test
    void escapesWhatJsonCannotHold() throws Exception {
        String awkward = "line\nnext\r\ttab \"quoted\" back\\slash \u0000 \u2028 ü €";
        String text = ProblemJson.write(Problem.of(400, awkward, awkward).with("note", awkward));
        assertThat(text).doesNotContain("\n", "\r", "\t", "\u0000");
        JsonNode json = new ObjectMapper().readTree(text);
        assertThat(List.of(json.get("title"), json.get("detail"), json.get("note")))
                .extracting(JsonNode::asText)
                .containsOnly(awkward);
    }

    @Test
    void addsExtensions() throws Exception {
        Problem problem = Problem.of(422, "Unprocessable Content", "Two parameters do not fit.")
                .with("errors", List.of(new Mistake("/n", "must be at least 1"), Map.of("pointer", "/m")))
                .with("limit", 20);
        assertThat(new ObjectMapper().readTree(ProblemJson.write(problem)))
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"type": "about:blank", "title": "Unprocessable Content", "status": 422,
                                         "detail": "Two parameters do not fit.", "limit": 20,
                                         "errors": [{"pointer": "/n", "message": "must be at least 1"}, {"pointer": "/m"}]}"""));
    }

    @Test
    void leavesOutWhatIsNotSaidAndHeaders() {
        assertThat(ProblemJson.write(
                        Problem.of(503, "Service Unavailable", null).withHeader("Retry-After", "5")))
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503}");
    }

    @Test
    void refusesAnExtensionThatHidesAStandardMember() {
        assertThatThrownBy(() ->
                        ProblemJson.write(Problem.of(400, "Bad Request", "x").with("status", 200)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an extension must not be named `status`");
    }
}
