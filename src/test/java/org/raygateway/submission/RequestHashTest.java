package org.raygateway.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestHashTest {
    private final JobPostReader reader = new JobPostReader(32);

    private String hash(String json) {
        return RequestHash.of(reader.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void orderAndWhiteSpaceDoNotMatter() {
        assertThat(hash("{\"simulation_type\":\"a\",\"parameters\":{\"x\":1,\"y\":{\"b\":2,\"a\":[1,2]}}}"))
                .isEqualTo(
                        hash("{ \"parameters\" : {\"y\":{\"a\":[1, 2],\"b\":2},\"x\":1}, \"simulation_type\":\"a\"}"));
    }

    @Test
    void valuesAndTypesDo() {
        String one = hash("{\"simulation_type\":\"a\",\"parameters\":{\"x\":1}}");

        assertThat(one).isNotEqualTo(hash("{\"simulation_type\":\"a\",\"parameters\":{\"x\":2}}"));
        assertThat(one).isNotEqualTo(hash("{\"simulation_type\":\"a\",\"parameters\":{\"x\":\"1\"}}"));
        assertThat(one).isNotEqualTo(hash("{\"simulation_type\":\"b\",\"parameters\":{\"x\":1}}"));
    }
}
