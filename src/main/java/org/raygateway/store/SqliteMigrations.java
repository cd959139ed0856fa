package org.raygateway.store;

import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.sqlite.SQLiteDataSource;

/** Brings the tables to the form this version knows, from {@code db/sqlite}; a form newer than that is refused. */
final class SqliteMigrations {
    private SqliteMigrations() {}

    static void migrate(Path file, String url) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(url);
        try {
            Flyway flyway = Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/sqlite")
                    .load();
            refuseNewer(file, flyway);
            flyway.migrate();
        } catch (FlywayException failure) {
            throw new StoreException(
                    "The job store " + file + " cannot be brought up to date: it is damaged, or not a job store of Ray"
                            + " Gateway. Restore it from a backup, or move the file away",
                    failure);
        }
    }

    private static void refuseNewer(Path file, Flyway flyway) {
        for (MigrationInfo applied : flyway.info().applied()) {
            if (applied.getState().isApplied() && !applied.getState().isResolved()) {
                throw new StoreException(
                        "The job store " + file + " was written by a newer Ray Gateway: it has schema version "
                                + applied.getVersion()
                                + ", unknown to this one. Run the newer version, or move the file away",
                        null);
            }
        }
    }
}
