package org.raygateway.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.problem.ProblemException;

class JobPostReaderTest {
    private final JobPostReader reader = new JobPostReader(8);

    private JobPost read(String text) {
        return reader.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private void assertRefused(String text, int status) {
        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(ProblemException.class, refusal -> assertThat(
                        refusal.problem().status())
                .isEqualTo(status));
    }

    @Test
    void readsTypeAndParameters() {
        JobPost post = read("{\"simulation_type\": \"monte_carlo\", \"parameters\": {\"iterations\": 5}}");

        assertThat(post.simulationType()).isEqualTo("monte_carlo");
        assertThat(post.parameters().get("iterations").asInt()).isEqualTo(5);
    }

    @Test
    void missingParametersAreNone() {
        assertThat(read("{\"simulation_type\": \"x\"}").parameters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "{",
                "nonsense",
                "[]",
                "1",
                "null",
                "{\"simulation_type\": \"a\"} trailing",
                "{\"simulation_type\": \"a\", \"simulation_type\": \"b\"}",
                "{\"simulation_type\":\"a\",\"parameters\":{\"a\":[[[[[[[[[1]]]]]]]]]}}"
            })
    void whatIsNoJsonObjectIsMalformed(String text) {
        assertRefused(text, 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"simulation_type\": 1}",
                "{\"simulation_type\": \" \"}",
                "{\"simulation_type\": \"a\", \"parameters\": []}",
                "{\"simulation_type\": \"a\", \"parameters\": null}",
                "{\"simulation_type\": \"a\", \"code\": \"rm\"}"
            })
    void whatHasAnotherShapeIsNotProcessable(String text) {
        assertRefused(text, 422);
    }

    @Test
    void anEmptyBodyIsMalformed() {
        assertThatThrownBy(() -> reader.read(null)).hasMessageContaining("got an empty body");
    }
}
