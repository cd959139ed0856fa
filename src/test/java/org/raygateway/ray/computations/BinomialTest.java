package org.raygateway.ray.computations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinomialTest {
    private static final int SAMPLES = 200_000;

    @ParameterizedTest
    @CsvSource({"5, 0.3", "1000, 0.002", "40, 0.4", "100, 0.9", "25, 0.5", "1000000, 0.2", "1000000000, 0.00000002"})
    void hasTheMeanAndVarianceOfTheDistribution(long trials, double probability) {
        SplittableRandom random = new SplittableRandom(trials);
        double sum = 0;
        double squares = 0;
        double mean = trials * probability;
        for (int i = 0; i < SAMPLES; i++) {
            long sample = Binomial.sample(random, trials, probability);
            assertThat(sample >= 0 && sample <= trials).isTrue();
            sum += sample - mean;
            squares += (sample - mean) * (sample - mean);
        }
        double variance = mean * (1 - probability);
        assertThat(sum / SAMPLES).isCloseTo(0, within(4 * Math.sqrt(variance / SAMPLES)));
        assertThat(squares / SAMPLES / variance).isCloseTo(1, within(0.03));
    }

    @Test
    void hasTheProbabilitiesOfTheDistribution() {
        int trials = 30;
        double probability = 0.4;
        SplittableRandom random = new SplittableRandom(1);
        int[] counts = new int[trials + 1];
        for (int i = 0; i < SAMPLES; i++) {
            counts[(int) Binomial.sample(random, trials, probability)]++;
        }
        double expected = Math.pow(1 - probability, trials);
        for (int k = 0; k <= trials; k++) {
            double error = Math.sqrt(expected * (1 - expected) / SAMPLES);
            assertThat((double) counts[k] / SAMPLES).as("k = " + k).isCloseTo(expected, within(5 * error + 1e-5));
            expected *= (trials - k) * probability / ((k + 1) * (1 - probability));
        }
    }

    @Test
    void isCertainAtTheEnds() {
        SplittableRandom random = new SplittableRandom(1);
        assertThat(Binomial.sample(random, 10, 0)).isZero();
        assertThat(Binomial.sample(random, 10, 1)).isEqualTo(10);
        assertThat(Binomial.sample(random, 0, 0.5)).isZero();
    }
}
