package org.raygateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
    void foreignEnvironmentVariablesAreLeftAlone() {
        assertThat(PropertySource.load(home, Map.of("GATEWAY_SERVICE_HOST", "10.0.0.1"), Map.of()))
                .doesNotContainKey("gateway.service.host");
    }
}
