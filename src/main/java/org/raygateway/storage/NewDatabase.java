package org.raygateway.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Begins an SQLite file: under another name, and under its own only once its tables are on the disk. SQLite itself leaves an empty
 * file where it is killed early, and takes one for a new database; here an empty file, or a log without its file, can only be
 * what is left of data, and is refused.
 */
public final class NewDatabase {
    private NewDatabase() {}

    /** Makes the tables of a new file. */
    @FunctionalInterface
    public interface Tables {
        void make(Connection connection) throws SQLException;
    }

    /**
     * Makes the file where it is missing.
     *
     * @param what the file in words, such as "job store"
     * @throws UnusableFileException where there is something that must not be taken for nothing
     */
    public static void makeWhereMissing(Path file, String what, Tables tables) throws IOException, SQLException {
        Path log = beside(file, "-wal");
        if (Files.exists(file)) {
            refuseEmpty(file, what, log);
            return;
        }
        if (isFilled(log)) {
            throw new UnusableFileException("The " + what + " " + file + " is missing, yet its log " + log
                    + " is there and holds its latest changes. Restore the file beside it, or move the log away to begin"
                    + " with an empty " + what);
        }
        Path begun = beside(file, ".new");
        Files.deleteIfExists(begun);
        Files.deleteIfExists(beside(begun, "-journal"));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + begun)) {
            tables.make(connection);
        }
        DurableFile.rename(begun, file);
    }

    private static void refuseEmpty(Path file, String what, Path log) throws IOException {
        if (isFilled(file)) {
            return;
        }
        throw new UnusableFileException("The " + what + " " + file + " is empty (0 bytes), as only damage leaves it."
                + " Restore it from a backup, or move it" + (Files.exists(log) ? " and " + log : "")
                + " away to begin with an empty " + what);
    }

    private static boolean isFilled(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) > 0;
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }
}
