package org.raygateway.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewDatabaseTest {
    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("songs.db");
    }

    private void make() throws IOException, SQLException {
        NewDatabase.makeWhereMissing(
                file(), "song book", connection -> connection.createStatement().execute("CREATE TABLE song (title)"));
    }

    @Test
    void makesTheFileWithItsTables() throws Exception {
        make();

        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file())) {
            assertThat(connection.createStatement().execute("INSERT INTO song VALUES ('one')"))
                    .isFalse();
        }
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void leavesAFileAloneThatIsThere() throws Exception {
        Files.writeString(file(), "anything");

        make();

        assertThat(file()).hasContent("anything");
    }

    @Test
    void leavesNoFileWhereMakingItFails() {
        assertThatThrownBy(() -> NewDatabase.makeWhereMissing(file(), "song book", connection -> {
                    connection.createStatement().execute("CREATE TABLE song (title)");
                    throw new SQLException("the disk is full");
                }))
                .isInstanceOf(SQLException.class);

        assertThat(file()).doesNotExist();
    }

    @Test
    void beginsAgainWhereAKillLeftAFileHalfMade() throws Exception {
        Files.writeString(directory.resolve("songs.db.new"), "half");
        Files.writeString(directory.resolve("songs.db.new-journal"), "half");

        make();

        assertThat(Files.size(file())).isPositive();
        assertThat(directory.resolve("songs.db.new")).doesNotExist();
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        Files.createFile(file());

        assertThatThrownBy(this::make)
                .isInstanceOf(UnusableFileException.class)
                .hasMessage(
                        "The song book " + file() + " is empty (0 bytes), as only damage leaves it. Restore it from a"
                                + " backup, or move it away to begin with an empty song book");
        assertThat(file()).isEmptyFile();
    }

    @Test
    void refusesToBeginBesideTheLogOfAFileThatIsGone() throws IOException {
        Path log = Files.writeString(directory.resolve("songs.db-wal"), "the latest changes");

        assertThatThrownBy(this::make)
                .isInstanceOf(UnusableFileException.class)
                .hasMessageContaining("is missing, yet its log " + log + " is there");
        assertThat(log).hasContent("the latest changes");
    }
}
