package org.raygateway.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.raygateway.storage.NewDatabase;
import org.raygateway.storage.UnusableFileException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/** The database file, held by one gateway at a time through a lock file beside it that the system frees when the process dies. */
final class SqliteFile implements AutoCloseable {
    private static final int PAGES_BETWEEN_CHECKPOINTS = 4_000;
    private static final int LOG_BYTES_KEPT = 64 << 20;
    private static final int CACHE_KIB = 32 << 10;

    private final Path file;
    private final Duration deadline;
    private final FileChannel lockFile;

    private SqliteFile(Path file, Duration deadline, FileChannel lockFile) {
        this.file = file;
        this.deadline = deadline;
        this.lockFile = lockFile;
    }

    static SqliteFile hold(SqliteSettings settings) {
        Path file = settings.file().toAbsolutePath();
        try {
            Files.createDirectories(file.getParent());
            Path beside = file.resolveSibling(file.getFileName() + ".lock");
            FileChannel lockFile = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(lockFile)) {
                lockFile.close();
                throw new StoreException(
                        "The job store " + file
                                + " is in use by another gateway. Stop that one, or give this one its own"
                                + " data directory; several gateways share jobs through PostgreSQL",
                        null);
            }
            return new SqliteFile(file, settings.deadline(), lockFile);
        } catch (IOException failure) {
            throw cannotOpen(file, failure);
        }
    }

    private static StoreException cannotOpen(Path file, IOException failure) {
        return new StoreException(
                "The job store " + file + " cannot be opened: check that its directory can be made and written to",
                failure);
    }

    private static boolean lock(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    /** Begins the database where there is none; refuses what is left of one. */
    void makeWhereMissing() throws SQLException {
        try {
            NewDatabase.makeWhereMissing(file, "job store", connection -> SqliteMigrations.migrate(file, connection));
        } catch (IOException failure) {
            throw cannotOpen(file, failure);
        } catch (UnusableFileException refused) {
            throw new StoreException(refused.getMessage(), refused);
        }
    }

    /** The connection that writes: a commit returns once it is on the disk. */
    Connection connectToWrite() throws SQLException {
        SQLiteConfig config = config();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setJournalSizeLimit(LOG_BYTES_KEPT);
        config.setPragma(SQLiteConfig.Pragma.CACHE_SIZE, Integer.toString(-CACHE_KIB));
        Connection connection = config.createConnection(url());
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = " + PAGES_BETWEEN_CHECKPOINTS);
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
        return connection;
    }

    Connection connectReadOnly() throws SQLException {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        return config.createConnection(url());
    }

    private SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(Math.toIntExact(Math.min(deadline.toMillis(), Integer.MAX_VALUE)));
        return config;
    }

    private String url() {
        return "jdbc:sqlite:" + file;
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException failure) {
            throw new StoreException("The job store's lock beside " + file + " could not be freed", failure);
        }
    }
}
