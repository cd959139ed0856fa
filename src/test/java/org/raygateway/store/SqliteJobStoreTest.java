package org.raygateway.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteJobStoreTest extends JobStoreContract {
    @TempDir
    Path directory;

    @Override
    JobStore open(MutableClock clock) {
        return SqliteJobStore.open(SqliteSettings.of(directory.resolve("jobs.db")), clock);
    }
}
