package org.raygateway.ray.computations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.raygateway.ray.ComputationException;
import org.raygateway.ray.Parameters;

class EpidemicTest {
    private final Map<String, Object> parameters = new HashMap<>(Map.of(
            "population",
            100_000,
            "initial_infected",
            20,
            "reproduction_number",
            2.5,
            "infectious_days",
            5.0,
            "days",
            200,
            "runs",
            200,
            "seed",
            3));

    private Map<String, Object> run() {
        return new Epidemic().run(new Parameters(parameters), new Unhurried());
    }

    private static double quantile(Map<String, Object> result, String of, String name) {
        return (double) ((Map<?, ?>) result.get(of)).get(name);
    }

    private static double[] band(Map<String, Object> result, String name) {
        return (double[]) ((Map<?, ?>) result.get("infected")).get(name);
    }

    @Test
    void everyoneIsSusceptibleInfectedOrRecovered() {
        SirModel model = new SirModel(50_000, 10, 3, 4, 4);
        for (int run = 0; run < 50; run++) {
            SirModel.Outcome outcome = model.simulate(Seeds.forPart(1, run), 60);
            long infected = outcome.infected()[60];
            assertThat(outcome.susceptible() + infected + outcome.recovered()).isEqualTo(50_000);
            assertThat(Arrays.stream(outcome.infected()).filter(today -> today < 0 || today > 50_000))
                    .isEmpty();
        }
    }

    @Test
    void diesOutBelowTheThreshold() {
        parameters.putAll(Map.of("reproduction_number", 0.6, "days", 365));
        Map<String, Object> result = run();
        assertThat(band(result, "p95")[365]).isZero();
        assertThat(quantile(result, "attack_rate", "p95")).isLessThan(0.005);
        assertThat((double) result.get("died_out")).isGreaterThan(0.9);
    }

    @Test
    void infectsTheShareThatTheFinalSizeEquationTells() {
        // z = 1 - exp(-R0 z) has z = 0.8926 for R0 = 2.5 (Kermack and McKendrick, 1927).
        assertThat(quantile(run(), "attack_rate", "p50")).isCloseTo(0.8926, within(0.01));
    }

    @Test
    void quantileBandsDoNotCross() {
        Map<String, Object> result = run();
        for (int day = 0; day <= 200; day++) {
            assertThat(new double[] {band(result, "p5")[day], band(result, "p50")[day], band(result, "p95")[day]})
                    .isSorted();
        }
        assertThat(band(result, "p50")[0]).isEqualTo(20);
    }

    @Test
    void givesTheSameResultForTheSameSeed() {
        assertThat(run()).usingRecursiveComparison().isEqualTo(run());
        Map<String, Object> first = run();
        parameters.put("seed", 4);
        assertThat(band(run(), "p50")).isNotEqualTo(band(first, "p50"));
    }

    @Test
    void stopsWhenCancelled() {
        assertThatThrownBy(() -> new Epidemic().run(new Parameters(parameters), new Unhurried(5)))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void refusesMoreInfectedThanPeople() {
        parameters.put("initial_infected", 100_001);
        assertThatThrownBy(this::run)
                .isInstanceOf(ComputationException.class)
                .hasMessage("`initial_infected` must not exceed `population` 100000");
    }
}
