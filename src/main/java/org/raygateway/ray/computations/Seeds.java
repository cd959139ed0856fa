package org.raygateway.ray.computations;

import java.util.SplittableRandom;

/** Random numbers for a part of a computation, the same whoever runs the part and in whatever order. */
final class Seeds {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private Seeds() {}

    /** The generator of part {@code index} under {@code seed}: both are mixed well, so that near ones are unrelated. */
    static SplittableRandom forPart(long seed, long index) {
        return new SplittableRandom(mix(mix(seed + GOLDEN_GAMMA) + (index + 1) * GOLDEN_GAMMA));
    }

    /** David Stafford's variant 13 of the MurmurHash3 finalizer. */
    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
