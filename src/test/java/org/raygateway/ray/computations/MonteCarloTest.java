package org.raygateway.ray.computations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.ray.ComputationException;
import org.raygateway.ray.Parameters;

class MonteCarloTest {
    private final MonteCarlo monteCarlo = new MonteCarlo();

    private Map<String, Object> run(long iterations, long seed) {
        return monteCarlo.run(new Parameters(Map.of("iterations", iterations, "seed", seed)), new Unhurried());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42, -7})
    void estimatesPiWithinFourStandardErrors(long seed) {
        Map<String, Object> result = run(3_000_000, seed);
        double error = (double) result.get("standard_error");
        assertThat(error).isBetween(0.0005, 0.0015);
        assertThat((double) result.get("estimate")).isBetween(Math.PI - 4 * error, Math.PI + 4 * error);
    }

    @Test
    void givesTheSameResultForTheSameSeed() {
        assertThat(run(400_000, 5)).isEqualTo(run(400_000, 5));
        assertThat(run(400_000, 5)).isNotEqualTo(run(400_000, 6));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 10_000, 1_000_000})
    void tracesTheEstimateUpToTheLastPoint(long iterations) {
        Map<String, Object> result = run(iterations, 1);
        List<?> trace = (List<?>) result.get("convergence");
        assertThat(trace).hasSizeBetween(1, 60);
        Map<?, ?> last = (Map<?, ?>) trace.get(trace.size() - 1);
        assertThat(last.get("iterations")).isEqualTo(iterations);
        assertThat(last.get("estimate")).isEqualTo(result.get("estimate"));
    }

    @Test
    void reportsRisingProgress() {
        Unhurried progress = new Unhurried();
        monteCarlo.run(new Parameters(Map.of("iterations", 2_000_000, "seed", 1)), progress);
        assertThat(progress.reports).isSorted().endsWith(100).hasSizeGreaterThan(10);
    }

    @Test
    void stopsWhenCancelled() {
        Parameters endless = new Parameters(Map.of("iterations", MonteCarlo.MOST_ITERATIONS, "seed", 1));
        assertThatThrownBy(() -> monteCarlo.run(endless, new Unhurried(3))).isInstanceOf(CancellationException.class);
    }

    @Test
    void refusesIterationsBelowOne() {
        assertThatThrownBy(() -> run(-1, 1))
                .isInstanceOf(ComputationException.class)
                .hasMessage("`iterations` must lie in 1..100000000000, got -1");
    }
}
