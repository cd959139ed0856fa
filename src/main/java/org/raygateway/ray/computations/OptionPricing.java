package org.raygateway.ray.computations;

import io.ray.api.ObjectRef;
import io.ray.api.Ray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.raygateway.ray.Computation;
import org.raygateway.ray.Parameters;
import org.raygateway.ray.Progress;

/**
 * Prices European, arithmetic Asian and discretely watched barrier options by Monte Carlo, fanned out as Ray tasks.
 *
 * <p>Takes the contract ({@link OptionContract}), {@code paths}, {@code seed} and {@code tasks} (how many at one time).
 * Gives {@code price} with {@code standard_error}, and {@code greeks}: delta, gamma (both per unit of spot) and vega (per
 * 1.00 of volatility), each with its standard error. Paths come in chunks with seeds of their own that are summed up in order,
 * so that the result depends on the seed alone, not on how many tasks there were.
 */
public final class OptionPricing implements Computation {
    private static final long MOST_PATHS = 20_000_000;
    /** Antithetic pairs of paths in a chunk. */
    private static final int CHUNK = 4_096;
    /** Enough for smooth progress, few enough for Ray's cost of a task not to matter. */
    private static final int MOST_PARTS = 200;

    private static final List<String> GREEKS = List.of("delta", "gamma", "vega");

    @Override
    public Map<String, Object> run(Parameters parameters, Progress progress) {
        OptionContract option = OptionContract.of(parameters);
        long pairs = (parameters.whole("paths", 2, MOST_PATHS) + 1) / 2;
        long seed = parameters.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        int atOnce = (int) parameters.whole("tasks", 1, 64);
        String contract = parameters.toJson();

        long chunks = (pairs + CHUNK - 1) / CHUNK;
        long perPart = (chunks + MOST_PARTS - 1) / MOST_PARTS;
        int parts = (int) ((chunks + perPart - 1) / perPart);
        List<double[]> sums = RayTasks.runAll(
                parts, atOnce, part -> startPart(contract, seed, pairs, part * perPart, perPart), progress);
        return result(option, pairs, seed, total(sums));
    }

    private static ObjectRef<double[]> startPart(String contract, long seed, long pairs, long first, long count) {
        return Ray.task(OptionPricing::simulate, contract, seed, pairs, first, count)
                .remote();
    }

    /** A Ray task: the sums of each of {@code count} chunks from {@code first} on, one after the other. */
    public static double[] simulate(String contract, long seed, long pairs, long first, long count) {
        OptionPaths paths = new OptionPaths(OptionContract.of(Parameters.parse(contract)));
        int chunks = (int) Math.min(count, (pairs + CHUNK - 1) / CHUNK - first);
        double[] sums = new double[chunks * OptionPaths.SUMS];
        for (int i = 0; i < chunks; i++) {
            long chunk = first + i;
            int size = (int) Math.min(CHUNK, pairs - chunk * CHUNK);
            double[] ofChunk = paths.simulate(Seeds.forPart(seed, chunk), size);
            System.arraycopy(ofChunk, 0, sums, i * OptionPaths.SUMS, OptionPaths.SUMS);
        }
        return sums;
    }

    private static double[] total(List<double[]> parts) {
        double[] total = new double[OptionPaths.SUMS];
        for (double[] part : parts) {
            for (int i = 0; i < part.length; i++) {
                total[i % OptionPaths.SUMS] += part[i];
            }
        }
        return total;
    }

    private static Map<String, Object> result(OptionContract option, long pairs, long seed, double[] sums) {
        Map<String, Object> greeks = new LinkedHashMap<>();
        for (int i = 0; i < GREEKS.size(); i++) {
            Map<String, Object> greek = new LinkedHashMap<>();
            greek.put("value", mean(option, pairs, sums, i + 1));
            greek.put("standard_error", standardError(option, pairs, sums, i + 1));
            greeks.put(GREEKS.get(i), greek);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("price", mean(option, pairs, sums, 0));
        result.put("standard_error", standardError(option, pairs, sums, 0));
        result.put("greeks", greeks);
        result.put("paths", 2 * pairs);
        result.put("seed", seed);
        return result;
    }

    private static double mean(OptionContract option, long pairs, double[] sums, int measure) {
        return option.discount() * sums[measure] / pairs;
    }

    private static double standardError(OptionContract option, long pairs, double[] sums, int measure) {
        double mean = sums[measure] / pairs;
        double variance = Math.max(0, sums[OptionPaths.MEASURES + measure] / pairs - mean * mean);
        return option.discount() * Math.sqrt(variance / pairs);
    }
}
