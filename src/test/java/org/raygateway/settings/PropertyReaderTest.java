package org.raygateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PropertyReaderTest {
    private static final Duration DAY = Duration.ofDays(1);

    private enum Mode {
        LOCAL,
        CLUSTER
    }

    private static PropertyReader reader(String key, String value) {
        return new PropertyReader(Map.of(key, value), Path.of("home"));
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "10s,PT10S", "5m,PT5M", "24h,PT24H", "1d,PT24H"})
    void readsDurations(String text, Duration expected) {
        PropertyReader reader = reader("gateway.x", text);

        assertThat(reader.duration("gateway.x", Duration.ZERO, DAY)).isEqualTo(expected);
        reader.throwIfInvalid();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10 parsecs", "-1s", "2d", "99999999999999s"})
    void refusesADurationSayingWhatWasExpectedAndWhatCame(String text) {
        PropertyReader reader = reader("gateway.x", text);
        reader.duration("gateway.x", Duration.ofSeconds(1), DAY);

        assertThatThrownBy(reader::throwIfInvalid)
                .hasMessageContaining("`gateway.x` must be a duration from 1s to 1d")
                .hasMessageContaining("got `" + text + "`");
    }

    @Test
    void refusesANumberOutOfBounds() {
        PropertyReader reader = reader("gateway.port", "70000");
        reader.integer("gateway.port", 0, 65535);

        assertThatThrownBy(reader::throwIfInvalid)
                .hasMessageContaining("`gateway.port` must be a whole number from 0 to 65535, got `70000`");
    }

    @Test
    void refusesAnUnknownChoice() {
        PropertyReader reader = reader("gateway.mode", "moon");
        reader.choice("gateway.mode", Mode.class);

        assertThatThrownBy(reader::throwIfInvalid).hasMessageContaining("must be `local` or `cluster`, got `moon`");
    }

    @Test
    void findsJarsOfClassPath(@TempDir Path folder) throws IOException {
        Path one = Files.createFile(folder.resolve("one.jar"));
        Path jars = Files.createDirectory(folder.resolve("jars"));
        Files.createFile(jars.resolve("notes.txt"));
        Path three = Files.createFile(jars.resolve("three.jar"));
        Path two = Files.createFile(jars.resolve("a-two.jar"));

        assertThat(reader("gateway.x", one + ":" + jars).jars("gateway.x")).containsExactly(one, two, three);
        assertThat(reader("gateway.x", "").jars("gateway.x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "nowhere.jar", "pom.xml"})
    void refusesClassPathWithoutJars(String entry) {
        PropertyReader reader = reader("gateway.x", entry);
        assertThat(reader.jars("gateway.x")).isEmpty();
        assertThatThrownBy(reader::throwIfInvalid)
                .hasMessageContaining("`gateway.x` must name jars, and folders of jars")
                .hasMessageContaining(entry);
    }

    @Test
    void collectsAllErrors() {
        PropertyReader reader = reader("gateway.a", "x");
        reader.integer("gateway.a", 0, 1);
        reader.required("gateway.b");

        assertThatThrownBy(reader::throwIfInvalid)
                .hasMessageContaining("2 errors")
                .hasMessageContaining("gateway.a")
                .hasMessageContaining("`gateway.b` must be set");
    }
}
