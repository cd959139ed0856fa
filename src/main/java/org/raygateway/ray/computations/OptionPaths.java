package org.raygateway.ray.computations;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Simulates paths of an option's underlying and gathers its price and greeks.
 *
 * <p>European and Asian: delta and vega pathwise, gamma by the likelihood ratio of the pathwise delta. Barrier, whose payoff
 * jumps: all three by likelihood ratio (P. Glasserman, Monte Carlo Methods in Financial Engineering, 2003, chapter 7). Each
 * sample is the mean of a path and its antithetic twin.
 */
final class OptionPaths {
    /** Price, delta, gamma, vega. */
    static final int MEASURES = 4;
    /** A sum and a sum of squares of each measure. */
    static final int SUMS = 2 * MEASURES;

    private final OptionContract option;
    private final double stepDeviation;
    private final double drift;
    private final double[] normals;
    private final double[] sample = new double[MEASURES];

    OptionPaths(OptionContract option) {
        this.option = option;
        double volatility = option.volatility();
        double length = option.stepLength();
        this.stepDeviation = volatility * Math.sqrt(length);
        this.drift = (option.rate() - option.dividendYield() - volatility * volatility / 2) * length;
        this.normals = new double[option.steps()];
    }

    /** Sums over {@code pairs} of antithetic paths: {@value #SUMS} numbers. */
    double[] simulate(SplittableRandom random, int pairs) {
        double[] sums = new double[SUMS];
        for (int pair = 0; pair < pairs; pair++) {
            for (int i = 0; i < normals.length; i++) {
                normals[i] = random.nextGaussian();
            }
            Arrays.fill(sample, 0);
            addPath(1);
            addPath(-1);
            for (int measure = 0; measure < MEASURES; measure++) {
                double value = sample[measure] / 2;
                sums[measure] += value;
                sums[MEASURES + measure] += value * value;
            }
        }
        return sums;
    }

    private void addPath(int sign) {
        switch (option.style()) {
            case EUROPEAN -> addEuropean(sign);
            case ASIAN -> addAsian(sign);
            default -> addBarrier(sign);
        }
    }

    private void addEuropean(int sign) {
        double price = option.spot() * Math.exp(drift + stepDeviation * sign * normals[0]);
        double inVolatility =
                price * (Math.sqrt(option.maturity()) * sign * normals[0] - option.volatility() * option.maturity());
        addSmooth(price, inVolatility, sign);
    }

    private void addAsian(int sign) {
        double price = option.spot();
        double walked = 0;
        double sum = 0;
        double inVolatility = 0;
        double rootLength = Math.sqrt(option.stepLength());
        for (int i = 0; i < normals.length; i++) {
            double normal = sign * normals[i];
            price *= Math.exp(drift + stepDeviation * normal);
            walked += rootLength * normal;
            sum += price;
            inVolatility += price * (walked - option.volatility() * option.stepLength() * (i + 1));
        }
        addSmooth(sum / normals.length, inVolatility / normals.length, sign);
    }

    /**
     * For a payoff on a level that is proportional to the spot.
     *
     * @param inVolatility derivative of the level in the volatility
     */
    private void addSmooth(double level, double inVolatility, int sign) {
        double direction = option.call() ? 1 : -1;
        double payoff = direction * (level - option.strike());
        if (payoff <= 0) {
            return;
        }
        double spot = option.spot();
        sample[0] += payoff;
        sample[1] += direction * level / spot;
        sample[2] += direction * option.strike() * sign * normals[0] / (spot * spot * stepDeviation);
        sample[3] += direction * inVolatility;
    }

    private void addBarrier(int sign) {
        double logPrice = Math.log(option.spot());
        double logBarrier = Math.log(option.barrier());
        boolean touched = false;
        double vegaScore = 0;
        double rootLength = Math.sqrt(option.stepLength());
        for (double positive : normals) {
            double normal = sign * positive;
            logPrice += drift + stepDeviation * normal;
            touched |= option.up() ? logPrice >= logBarrier : logPrice <= logBarrier;
            vegaScore += (normal * normal - 1) / option.volatility() - normal * rootLength;
        }
        double direction = option.call() ? 1 : -1;
        double payoff = direction * (Math.exp(logPrice) - option.strike());
        if (payoff > 0 && touched == option.knockIn()) {
            addJumping(payoff, sign * normals[0], vegaScore);
        }
    }

    private void addJumping(double payoff, double firstNormal, double vegaScore) {
        double spot = option.spot();
        double variance = stepDeviation * stepDeviation;
        double gammaScore = (firstNormal * firstNormal - firstNormal * stepDeviation - 1) / (spot * spot * variance);
        sample[0] += payoff;
        sample[1] += payoff * firstNormal / (spot * stepDeviation);
        sample[2] += payoff * gammaScore;
        sample[3] += payoff * vegaScore;
    }
}
