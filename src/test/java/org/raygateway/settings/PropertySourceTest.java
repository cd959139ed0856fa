package org.raygateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertySourceTest {
    @TempDir
    Path home;

    @Test
    void everyPropertyHasADefaultInsideTheJar() {
        assertThat(PropertySource.load(home, Map.of(), Map.of()))
                .containsEntry("gateway.http.host", "127.0.0.1")
                .containsEntry("gateway.http.port", "8000")
                .containsEntry("gateway.ray.mode", "local");
    }

    @Test
    void commandLineBeatsEnvironmentBeatsFileBeatsDefaults() throws IOException {
        Files.writeString(
                home.resolve("application.properties"),
                "gateway.http.port=1\ngateway.operations.port=1\ngateway.data-dir=file\n");
        Map<String, String> environment = Map.of("GATEWAY_HTTP_PORT", "2", "GATEWAY_OPERATIONS_PORT", "2");

        Map<String, String> merged = PropertySource.load(home, environment, Map.of("gateway.http.port", "3"));

        assertThat(merged)
                .containsEntry("gateway.http.port", "3")
                .containsEntry("gateway.operations.port", "2")
                .containsEntry("gateway.data-dir", "file");
    }

    @Test
    void misspeltKeysStopTheStartAllAtOnceWithAHint() throws IOException {
        Files.writeString(home.resolve("application.properties"), "gateway.http.prot=1\n");

        assertThatThrownBy(() -> PropertySource.load(home, Map.of(), Map.of("gateway.frobnicate", "1")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("2 errors")
                .hasMessageContaining("`gateway.http.prot` in application.properties")
                .hasMessageContaining("did you mean `gateway.http.port`?")
                .hasMessageContaining("`gateway.frobnicate` in the command line");
    }

    @Test
    void misspeltEnvironmentVariablesStopTheStartTogetherWithTheOthers() throws IOException {
        Files.writeString(home.resolve("application.properties"), "gateway.http.prot=1\n");
        Map<String, String> environment =
                Map.of("GATEWAY_HTP_PORT", "1", "GATEWAY_FROBNICATE", "secret", "GATEWAY_PORT", "9000");

        assertThatThrownBy(() -> PropertySource.load(home, environment, Map.of("gateway.frobnicate", "1")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("5 errors")
                .hasMessageContaining("`gateway.http.prot` in application.properties")
                .hasMessageContaining("`gateway.frobnicate` in the command line")
                .hasMessageContaining("`GATEWAY_HTP_PORT` in the environment names no property of the gateway:"
                        + " did you mean `GATEWAY_HTTP_PORT`?")
                .hasMessageContaining("`GATEWAY_FROBNICATE` in the environment names no property of the gateway;")
                .hasMessageContaining("`GATEWAY_PORT`")
                .hasMessageNotContaining("secret");
    }

    @Test
    void everyPropertyCanBeGivenAsEnvironment() {
        Map<String, String> defaults = PropertySource.load(home, Map.of(), Map.of());
        Map<String, String> environment = new TreeMap<>();
        defaults.keySet().stream()
                .filter(key -> key.startsWith("gateway."))
                .forEach(key -> environment.put(PropertySource.environmentName(key), "given"));

        assertThat(PropertySource.load(home, environment, Map.of())).allSatisfy((key, value) -> assertThat(value)
                .isEqualTo(key.startsWith("gateway.") ? "given" : defaults.get(key)));
    }

    @Test
    void foreignEnvironmentVariablesAreLeftAlone() {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "GATEWAY_SERVICE_HOST", "10.0.0.1",
                "GATEWAY_SERVICE_PORT", "8000",
                "GATEWAY_SERVICE_PORT_HTTP", "8000",
                "GATEWAY_PORT", "tcp://10.0.0.1:8000",
                "GATEWAY_PORT_8000_TCP", "tcp://10.0.0.1:8000",
                "GATEWAY_PORT_8000_TCP_PROTO", "tcp",
                "GATEWAY_API_SERVICE_HOST", "10.0.0.1",
                "GATEWAY_API_PORT", "tcp://10.0.0.1:8000",
                "GATEWAY_API_PORT_8000_TCP_ADDR", "10.0.0.1"));
        environment.putAll(Map.of("GATEWAY_LOG_LEVEL", "debug", "RAYGATEWAY_PORTS", "x", "RAY_GATEWAY_BUILD", "never"));

        assertThat(PropertySource.load(home, environment, Map.of()))
                .isEqualTo(PropertySource.load(home, Map.of(), Map.of()));
    }
}
