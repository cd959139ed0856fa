package org.raygateway.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of the text that a computation says; Python's tests read the same cases. */
class MessageLineTest {
    static Stream<Arguments> lines() throws IOException {
        JsonNode file = new ObjectMapper()
                .readTree(Path.of("src/test/resources/results/vectors.json").toFile());
        return StreamSupport.stream(file.get("lines").spliterator(), false)
                .map(line -> Arguments.of(line.get("name").asText(), text(line), expected(line)));
    }

    private static String text(JsonNode line) {
        if (line.has("units")) {
            StringBuilder text = new StringBuilder();
            line.get("units").forEach(unit -> text.append((char) unit.asInt()));
            return text.toString();
        }
        return line.has("repeat")
                ? repeated(line.get("repeat"))
                : line.get("text").asText();
    }

    private static String expected(JsonNode line) {
        if (line.has("repeated")) {
            return repeated(line.get("repeated")) + line.get("repeated").get(2).asText();
        }
        return line.get("line").asText();
    }

    private static String repeated(JsonNode text) {
        return text.get(0).asText().repeat(text.get(1).asInt());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void becomesOneLineOfAStatus(String name, String text, String line) {
        StatusEvent event = new StatusEvent(JobId.next(), JobStatus.FAILED, -1, 1, 2, text, null, Instant.EPOCH);

        assertThat(event.message()).isEqualTo(line);
    }
}
