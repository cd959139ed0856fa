package org.raygateway.job;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A job's identity: a UUID of version 7 (RFC 9562), so that ids sort by the time they were made.
 *
 * @param value the UUID as callers see it
 */
public record JobId(UUID value) implements Comparable<JobId> {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Milliseconds since 1970, then 12 bits of their fraction; never the same twice in one process. */
    private static final AtomicLong LAST_TIME = new AtomicLong();

    private static final int UUID_TEXT_LENGTH = 36;

    /**
     * Makes a new id from the current time (60 bits: ms and a 4096th of one, RFC 9562 section 6.2, method 3) and 62 random bits.
     * Ids made by one process rise strictly.
     */
    public static JobId next() {
        Instant now = Instant.now();
        long fraction = ((long) (now.getNano() % 1_000_000) << 12) / 1_000_000;
        long clock = now.toEpochMilli() << 12 | fraction;
        long time = LAST_TIME.updateAndGet(last -> Math.max(last + 1, clock));
        long high = time >>> 12 << 16 | 0x7000L | time & 0x0fffL;
        long low = 0x8000000000000000L | RANDOM.nextLong() >>> 2;
        return new JobId(new UUID(high, low));
    }

    /** Not greater than any id made at this time or later; itself the id of no job. */
    public static JobId lowestAt(Instant time) {
        return new JobId(new UUID(time.toEpochMilli() << 16 | 0x7000L, 0x8000000000000000L));
    }

    /** Reads the canonical 36-character text; empty where the text is anything else. */
    public static Optional<JobId> parse(String text) {
        if (text == null || text.length() != UUID_TEXT_LENGTH) {
            return Optional.empty();
        }
        try {
            JobId id = new JobId(UUID.fromString(text));
            // fromString also takes groups of other lengths.
            return id.toString().equalsIgnoreCase(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    /** Reads an id that the gateway itself wrote. */
    public static JobId of(String text) {
        return new JobId(UUID.fromString(text));
    }

    /** The name under which the job's actor is known to Ray: {@code actor_{job_id}}. */
    public String actorName() {
        return "actor_" + value;
    }

    /** The order of their texts and of their bytes; {@link UUID#compareTo} compares signed halves. */
    @Override
    public int compareTo(JobId other) {
        int high = Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
