package org.raygateway.storage;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** What a failure of SQLite means for whoever runs the gateway. */
public final class SqliteFailure {
    private static final int PRIMARY_CODE = 0xff;

    private SqliteFailure() {}

    /** What is the matter with the file, and what to do, to follow its name. SQLite's own text may quote data and is left out. */
    public static String reason(SQLException failure) {
        SQLiteErrorCode code = code(failure);
        return switch (code) {
            case SQLITE_FULL -> "cannot grow: the disk is full. Free some space; nothing of this change was kept";
            case SQLITE_BUSY, SQLITE_LOCKED -> "is locked by another process. Close whatever has it open";
            case SQLITE_CORRUPT -> "is damaged. Stop the gateway and restore the file from a backup, or move it away";
            case SQLITE_NOTADB ->
                "is not an SQLite database. Move the file away, or name another; where it was one before it is damaged:"
                        + " stop the gateway and restore it from a backup";
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH ->
                "cannot be opened for writing. Check that its directory exists and who may write there";
            case SQLITE_IOERR -> "met an input or output error. Check the disk";
            case SQLITE_INTERRUPT -> "did not answer within the deadline. Narrow the query, or try again later";
            case SQLITE_CONSTRAINT -> "refused a change that contradicts what it holds";
            default -> "failed with " + code.name();
        };
    }

    /** Whether the file itself is broken, which no time mends. */
    public static boolean isDamage(Throwable failure) {
        return failure instanceof SQLException sql
                && switch (code(sql)) {
                    case SQLITE_CORRUPT, SQLITE_NOTADB -> true;
                    default -> false;
                };
    }

    /** Whether it is the disk's or the file's fault, rather than that of the change or the question. */
    public static boolean isOfStorage(Throwable failure) {
        return failure instanceof SQLException sql
                && switch (code(sql)) {
                    case SQLITE_FULL,
                            SQLITE_IOERR,
                            SQLITE_READONLY,
                            SQLITE_CANTOPEN,
                            SQLITE_PERM,
                            SQLITE_CORRUPT,
                            SQLITE_NOTADB -> true;
                    default -> false;
                };
    }

    private static SQLiteErrorCode code(SQLException failure) {
        return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & PRIMARY_CODE);
    }
}
