package org.raygateway.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.raygateway.job.JobId;

/** Ids and times as the database holds them: 16 bytes, which sort like the ids, and nanoseconds since 1970 UTC. */
final class SqliteValues {
    private static final long SECOND = 1_000_000_000L;
    private static final long LAST_SECOND = Long.MAX_VALUE / SECOND - 1;

    private SqliteValues() {}

    static byte[] bytes(JobId id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.value().getMostSignificantBits())
                .putLong(id.value().getLeastSignificantBits())
                .array();
    }

    static JobId id(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new JobId(new UUID(buffer.getLong(), buffer.getLong()));
    }

    /** Times beyond the years 1678 to 2262 become the nearest that fits. */
    static long nanos(Instant time) {
        long second = Math.max(-LAST_SECOND, Math.min(LAST_SECOND, time.getEpochSecond()));
        return second * SECOND + time.getNano();
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
    }
}
