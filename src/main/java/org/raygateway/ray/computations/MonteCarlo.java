package org.raygateway.ray.computations;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.raygateway.ray.Computation;
import org.raygateway.ray.Parameters;
import org.raygateway.ray.Progress;

/**
 * Estimates π as four times the share of random points of the unit square that fall into the quarter circle.
 *
 * <p>Takes {@code iterations} (points) and {@code seed}. Gives {@code estimate}, {@code standard_error} (of a binomial
 * share, with π itself unknown to it), both parameters, and {@code convergence}: the estimate after growing numbers of
 * points. The same seed gives the same result.
 */
public final class MonteCarlo implements Computation {
    static final long MOST_ITERATIONS = 100_000_000_000L;

    /** Points between two looks at progress: about a millisecond. */
    private static final int BLOCK = 1 << 17;

    private static final int TRACE_POINTS = 50;
    /** Two 32-bit coordinates come from one 64-bit random number; their squares fit into 64 bits unsigned. */
    private static final long MASK = 0x7fffffffL;

    private static final long RADIUS_SQUARED = MASK * MASK;

    @Override
    public Map<String, Object> run(Parameters parameters, Progress progress) {
        long iterations = parameters.whole("iterations", 1, MOST_ITERATIONS);
        long seed = parameters.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        SplittableRandom random = new SplittableRandom(seed);
        Trace trace = new Trace(iterations);
        long inside = 0;
        long done = 0;
        while (done < iterations) {
            progress.throwIfCancelled();
            int block = (int) Math.min(Math.min(BLOCK, iterations - done), trace.untilNext(done));
            inside += countInside(random, block);
            done += block;
            trace.add(done, inside);
            progress.report((int) (100 * ((double) done / iterations)), null);
        }
        return result(iterations, seed, inside, trace);
    }

    private static long countInside(SplittableRandom random, int points) {
        long inside = 0;
        for (int i = 0; i < points; i++) {
            long bits = random.nextLong();
            long x = bits & MASK;
            long y = bits >>> 33;
            inside += (x * x + y * y - RADIUS_SQUARED - 1) >>> 63;
        }
        return inside;
    }

    private static Map<String, Object> result(long iterations, long seed, long inside, Trace trace) {
        double share = (double) inside / iterations;
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("estimate", 4 * share);
        result.put("standard_error", 4 * Math.sqrt(share * (1 - share) / iterations));
        result.put("iterations", iterations);
        result.put("seed", seed);
        result.put("convergence", trace.points);
        return result;
    }

    /** The estimate at up to {@value #TRACE_POINTS} numbers of points, each a fixed factor above the one before. */
    private static final class Trace {
        final List<Map<String, Object>> points = new ArrayList<>();
        private final double factor;
        private final long iterations;
        private long next;

        Trace(long iterations) {
            this.iterations = iterations;
            this.factor = Math.max(1.05, Math.pow(iterations, 1.0 / TRACE_POINTS));
            this.next = 1;
        }

        long untilNext(long done) {
            return next - done;
        }

        void add(long done, long inside) {
            if (done == next) {
                Map<String, Object> point = new LinkedHashMap<>();
                point.put("iterations", done);
                point.put("estimate", 4.0 * inside / done);
                points.add(point);
                next = Math.min(iterations, Math.max(done + 1, (long) (done * factor)));
            }
        }
    }
}
