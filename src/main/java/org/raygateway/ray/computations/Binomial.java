package org.raygateway.ray.computations;

import java.util.SplittableRandom;

/**
 * Binomial random numbers in constant time: by waiting times where few successes are expected, else by W. Hörmann's
 * transformed rejection BTRS (The generation of binomial random variates, J. Stat. Comput. Simul. 46, 1993).
 */
final class Binomial {
    private static final double FEW = 10;

    private Binomial() {}

    /** The number of successes among {@code trials}, each with {@code probability}. */
    static long sample(SplittableRandom random, long trials, double probability) {
        if (trials <= 0 || probability <= 0) {
            return 0;
        }
        if (probability >= 1) {
            return trials;
        }
        if (probability > 0.5) {
            return trials - sample(random, trials, 1 - probability);
        }
        return trials * probability < FEW
                ? byWaitingTimes(random, trials, probability)
                : byRejection(random, trials, probability);
    }

    private static long byWaitingTimes(SplittableRandom random, long trials, double probability) {
        double logFailure = Math.log1p(-probability);
        long successes = 0;
        double used = 0;
        while (true) {
            used += Math.floor(Math.log(1 - random.nextDouble()) / logFailure) + 1;
            if (used > trials) {
                return successes;
            }
            successes++;
        }
    }

    private static long byRejection(SplittableRandom random, long trials, double probability) {
        double deviation = Math.sqrt(trials * probability * (1 - probability));
        double b = 1.15 + 2.53 * deviation;
        double a = -0.0873 + 0.0248 * b + 0.01 * probability;
        double centre = trials * probability + 0.5;
        double squeeze = 0.92 - 4.2 / b;
        double alpha = (2.83 + 5.1 / b) * deviation;
        while (true) {
            double u = random.nextDouble() - 0.5;
            double v = 1 - random.nextDouble();
            double us = 0.5 - Math.abs(u);
            double k = Math.floor((2 * a / us + b) * u + centre);
            if (us >= 0.07 && v <= squeeze) {
                return (long) k;
            }
            boolean inRange = k >= 0 && k <= trials;
            if (inRange && Math.log(v * alpha / (a / (us * us) + b)) <= logRatioToMode(trials, probability, k)) {
                return (long) k;
            }
        }
    }

    /** Logarithm of the probability of {@code k} over that of the mode. */
    private static double logRatioToMode(long trials, double probability, double k) {
        double odds = probability / (1 - probability);
        double mode = Math.floor((trials + 1) * probability);
        return (mode + 0.5) * Math.log((mode + 1) / (odds * (trials - mode + 1)))
                + (trials + 1) * Math.log((trials - mode + 1) / (trials - k + 1))
                + (k + 0.5) * Math.log(odds * (trials - k + 1) / (k + 1))
                + stirlingError(mode)
                + stirlingError(trials - mode)
                - stirlingError(k)
                - stirlingError(trials - k);
    }

    /** What Stirling's formula for {@code ln k!} lacks, by its series in {@code 1 / (k + 1)}. */
    private static double stirlingError(double k) {
        double x = k + 1;
        double square = x * x;
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square) / x;
    }
}
