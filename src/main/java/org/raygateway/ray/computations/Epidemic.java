package org.raygateway.ray.computations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.raygateway.ray.Computation;
import org.raygateway.ray.ComputationException;
import org.raygateway.ray.Parameters;
import org.raygateway.ray.Progress;

/**
 * An ensemble of stochastic SIR epidemics: in each quarter of a day the newly infected and the newly recovered are binomial
 * (chain-binomial model, after Reed and Frost).
 *
 * <p>Takes {@code population}, {@code initial_infected}, {@code reproduction_number} (R0), {@code infectious_days} (mean),
 * {@code days}, {@code runs} and {@code seed}. Gives quantile bands of the infected for each day, quantiles of the peak, its day
 * and the attack rate, and the share of runs that died out before they infected a tenth of a percent more.
 */
public final class Epidemic implements Computation {
    private static final int STEPS_PER_DAY = 4;
    private static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.95};
    private static final int MOST_DAYS = 1_000;
    private static final int MOST_RUNS = 5_000;

    @Override
    public Map<String, Object> run(Parameters parameters, Progress progress) {
        long population = parameters.whole("population", 2, 10_000_000_000L);
        long infected = parameters.whole("initial_infected", 1, 10_000_000_000L);
        if (infected > population) {
            throw new ComputationException("`initial_infected` must not exceed `population` " + population);
        }
        SirModel model = new SirModel(
                population,
                infected,
                parameters.decimal("reproduction_number", 0, 100),
                parameters.decimal("infectious_days", 0.1, 365),
                STEPS_PER_DAY);
        int days = (int) parameters.whole("days", 1, MOST_DAYS);
        int runs = (int) parameters.whole("runs", 1, MOST_RUNS);
        long seed = parameters.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        return summary(model, simulate(model, days, runs, seed, progress), days, seed);
    }

    private static List<SirModel.Outcome> simulate(SirModel model, int days, int runs, long seed, Progress progress) {
        List<SirModel.Outcome> outcomes = new ArrayList<>(runs);
        for (int run = 0; run < runs; run++) {
            progress.throwIfCancelled();
            SplittableRandom random = Seeds.forPart(seed, run);
            outcomes.add(model.simulate(random, days));
            progress.report(100 * (run + 1) / runs, null);
        }
        return outcomes;
    }

    private static Map<String, Object> summary(SirModel model, List<SirModel.Outcome> outcomes, int days, long seed) {
        double few = model.infectedAtStart() + 0.001 * model.population();
        long diedOut = outcomes.stream()
                .filter(outcome -> outcome.infectedInAll() <= few && outcome.infected()[days] == 0)
                .count();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("runs", outcomes.size());
        result.put("seed", seed);
        result.put("peak_infected", quantiles(sorted(outcomes, Epidemic::peak)));
        result.put("peak_day", quantiles(sorted(outcomes, Epidemic::peakDay)));
        result.put("attack_rate", quantiles(sorted(outcomes, o -> o.infectedInAll() / (double) model.population())));
        result.put("died_out", diedOut / (double) outcomes.size());
        result.put("infected", bands(outcomes, days));
        return result;
    }

    private static double peak(SirModel.Outcome outcome) {
        return Arrays.stream(outcome.infected()).max().orElse(0);
    }

    private static double peakDay(SirModel.Outcome outcome) {
        int best = 0;
        for (int day = 1; day < outcome.infected().length; day++) {
            best = outcome.infected()[day] > outcome.infected()[best] ? day : best;
        }
        return best;
    }

    /** For each quantile its value on each day, the first being day 0. */
    private static Map<String, Object> bands(List<SirModel.Outcome> outcomes, int days) {
        double[][] byQuantile = new double[QUANTILES.length][days + 1];
        for (int day = 0; day <= days; day++) {
            int today = day;
            double[] sorted = sorted(outcomes, outcome -> outcome.infected()[today]);
            for (int i = 0; i < QUANTILES.length; i++) {
                byQuantile[i][day] = quantile(sorted, QUANTILES[i]);
            }
        }
        Map<String, Object> bands = new LinkedHashMap<>();
        for (int i = 0; i < QUANTILES.length; i++) {
            bands.put(name(QUANTILES[i]), byQuantile[i]);
        }
        return bands;
    }

    private static double[] sorted(List<SirModel.Outcome> outcomes, ToDoubleFunction<SirModel.Outcome> value) {
        return outcomes.stream().mapToDouble(value).sorted().toArray();
    }

    private static Map<String, Object> quantiles(double[] sorted) {
        Map<String, Object> quantiles = new LinkedHashMap<>();
        for (double quantile : QUANTILES) {
            quantiles.put(name(quantile), quantile(sorted, quantile));
        }
        return quantiles;
    }

    private static String name(double quantile) {
        return "p" + Math.round(100 * quantile);
    }

    /** The smallest value that at least this share of the runs does not exceed: always a value that occurred. */
    private static double quantile(double[] sorted, double quantile) {
        int rank = (int) Math.ceil(quantile * sorted.length) - 1;
        return sorted[Math.max(0, rank)];
    }
}
