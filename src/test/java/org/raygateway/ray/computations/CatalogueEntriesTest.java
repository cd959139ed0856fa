package org.raygateway.ray.computations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.ray.Computation;
import org.raygateway.ray.Parameters;
import org.raygateway.ray.driver.RayDriverServer;
import org.raygateway.ray.driver.RayDriverSettings;
import org.raygateway.ray.driver.RayMode;

class CatalogueEntriesTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private static JsonNode entry(String name) throws IOException {
        return YAML.readTree(Path.of("computations", name + ".yaml").toFile());
    }

    private static boolean isValid(String name, JsonNode parameters) throws IOException {
        JsonSchema schema = SCHEMAS.getSchema(entry(name).get("parameters"));
        return schema.validate(parameters).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"monte_carlo", "option_pricing", "epidemic"})
    void runsItsExampleWithTheDefaultsOfItsSchema(String name) throws Exception {
        JsonNode entry = entry(name);
        assertThat(entry.get("name").asText()).isEqualTo(name);
        assertThat(isValid(name, entry.get("example"))).isTrue();

        Computation computation = Class.forName(entry.get("entry-point").asText())
                .asSubclass(Computation.class)
                .getConstructor()
                .newInstance();
        var settings = RayDriverSettings.defaults(RayMode.LOCAL);
        try (var ray = RayDriverServer.inProcess("example-" + name, settings, new OptionPricingTest.Silent())) {
            assertThat(ray.awaitReady(Duration.ofSeconds(30))).isTrue();
            assertThat(computation.run(exampleWithDefaults(entry), new Unhurried()))
                    .isNotEmpty();
        }
    }

    private static Parameters exampleWithDefaults(JsonNode entry) {
        Map<String, Object> values = new LinkedHashMap<>();
        entry.get("parameters").get("properties").properties().forEach(property -> {
            if (property.getValue().has("default")) {
                values.put(
                        property.getKey(), YAML.convertValue(property.getValue().get("default"), Object.class));
            }
        });
        values.putAll(YAML.convertValue(entry.get("example"), new TypeReference<Map<String, Object>>() {}));
        return new Parameters(values);
    }

    @ParameterizedTest
    @CsvSource({"20000000, true", "10000, true", "1, true", "0, false", "-1, false", "1.5, false", "many, false"})
    void monteCarloTakesPositiveIterations(String iterations, boolean valid) throws IOException {
        assertThat(isValid("monte_carlo", YAML.readTree("{iterations: " + iterations + "}")))
                .isEqualTo(valid);
    }

    @Test
    void barrierOptionNeedsItsBarrier() throws IOException {
        assertThat(isValid("option_pricing", YAML.readTree("{style: barrier}"))).isFalse();
        assertThat(isValid("option_pricing", YAML.readTree("{style: barrier, barrier: 120}")))
                .isTrue();
        assertThat(isValid("option_pricing", YAML.readTree("{}"))).isTrue();
    }

    @Test
    void refusesParametersNobodyKnows() throws IOException {
        assertThat(isValid("epidemic", YAML.readTree("{wings: 2}"))).isFalse();
    }
}
