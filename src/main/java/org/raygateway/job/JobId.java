package org.raygateway.job;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;

/**
 * A job's identity: a UUID of version 7 (RFC 9562), so that ids sort by the time they were made.
 *
 * @param value the UUID as callers see it
 */
public record JobId(UUID value) implements Comparable<JobId> {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int UUID_TEXT_LENGTH = 36;

    /** Makes a new id from the current time (ms) and 74 random bits. */
    public static JobId next() {
        long high = (System.currentTimeMillis() << 16) | 0x7000L | (RANDOM.nextInt() & 0x0fffL);
        long low = 0x8000000000000000L | (RANDOM.nextLong() >>> 2);
        return new JobId(new UUID(high, low));
    }

    /** Reads the canonical 36-character text; empty where the text is anything else. */
    public static Optional<JobId> parse(String text) {
        if (text == null || text.length() != UUID_TEXT_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(new JobId(UUID.fromString(text)));
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

    @Override
    public int compareTo(JobId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
