package org.raygateway.bench;

import java.util.Arrays;
import java.util.Locale;

/** Durations in nanoseconds and their percentiles. */
public final class Samples {
    private long[] values = new long[1024];
    private int count;

    public void add(long nanos) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = nanos;
    }

    void addAll(Samples other) {
        for (int i = 0; i < other.count; i++) {
            add(other.values[i]);
        }
    }

    public int count() {
        return count;
    }

    /** Milliseconds at a percentile by nearest rank; NaN without samples. */
    public double millis(double percentile) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percentile / 100 * count);
        return sorted[Math.max(0, rank - 1)] / 1e6;
    }

    /** Such as {@code 1.2 / 5.0}. */
    public String p50AndP99() {
        return String.format(Locale.ROOT, "%.1f / %.1f", millis(50), millis(99));
    }
}
