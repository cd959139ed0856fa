package org.raygateway.servicebus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.settings.SettingsException;

class KeyFileTest {
    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("servicebus.key");
    }

    @Test
    void makesAKeyForItsOwnerOnlyAndKeepsIt() throws IOException {
        String key = KeyFile.keyIn(file());

        assertThat(Base64.getDecoder().decode(key)).hasSize(32);
        assertThat(KeyFile.keyIn(file())).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void takesAKeyThatSomebodyPutThere() throws IOException {
        Files.writeString(file(), "a2V5\n");

        assertThat(KeyFile.keyIn(file())).isEqualTo("a2V5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\0\0\0\0"})
    void makesAKeyInPlaceOfNothing(String nothing) throws IOException {
        Files.writeString(file(), nothing);

        String key = KeyFile.keyIn(file());

        assertThat(key).hasSize(44);
        assertThat(file()).hasContent(key);
    }

    @Test
    void makesAKeyWhereAKillLeftOneHalfWritten() throws IOException {
        Files.writeString(directory.resolve("servicebus.key.new"), "ha");

        assertThat(KeyFile.keyIn(file())).hasSize(44);
    }

    @Test
    void refusesWhatCannotBeAKeyAndSaysWhatToDo() throws IOException {
        Files.writeString(file(), "two\nlines");

        assertThatThrownBy(() -> KeyFile.keyIn(file()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("the broker's key file " + file()
                        + " must hold one line of at most 512 visible characters without ';', but 9 characters of another"
                        + " kind are in it; restore it, or delete it to have a new key made");
    }
}
