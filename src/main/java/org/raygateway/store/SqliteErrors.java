package org.raygateway.store;

import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** Turns SQLite's failures into words that say what to do. SQLite's own text stays in the cause: it may quote data. */
final class SqliteErrors {
    private static final int PRIMARY_CODE = 0xff;

    private final Path file;

    SqliteErrors(Path file) {
        this.file = file;
    }

    StoreException explain(Throwable failure) {
        if (failure instanceof StoreException explained) {
            return new StoreException(explained.getMessage(), explained);
        }
        if (failure instanceof SQLException sql) {
            return new StoreException("The job store " + file + " " + reason(sql), sql);
        }
        return new StoreException(
                "The job store " + file + " failed: " + failure.getClass().getSimpleName(), failure);
    }

    private static String reason(SQLException failure) {
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(failure.getErrorCode() & PRIMARY_CODE);
        return switch (code) {
            case SQLITE_FULL -> "cannot grow: the disk is full. Free some space; nothing of this change was kept";
            case SQLITE_BUSY, SQLITE_LOCKED -> "is locked by another process. Close whatever has it open";
            case SQLITE_CORRUPT -> "is damaged. Stop the gateway and restore the file from a backup, or move it away";
            case SQLITE_NOTADB -> "is not an SQLite database. Move the file away, or name another";
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH ->
                "cannot be opened for writing. Check that its directory exists and who may write there";
            case SQLITE_IOERR -> "met an input or output error. Check the disk";
            case SQLITE_INTERRUPT -> "did not answer within the deadline. Narrow the query, or try again later";
            case SQLITE_CONSTRAINT -> "refused a change that contradicts what it holds";
            default -> "failed with " + code.name();
        };
    }
}
