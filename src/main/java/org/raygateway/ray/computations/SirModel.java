package org.raygateway.ray.computations;

import java.util.SplittableRandom;

/**
 * Susceptible, infected, recovered in discrete time. In a step of length h each susceptible is infected with probability
 * {@code 1 - exp(-β I/N h)}, each infected recovers with {@code 1 - exp(-γ h)}; β = R0 γ, γ = 1 / infectious days.
 */
final class SirModel {
    /**
     * One epidemic.
     *
     * @param infected at the end of each day; day 0 is the start
     * @param infectedInAll all who were ever infected
     */
    record Outcome(long[] infected, long infectedInAll, long susceptible, long recovered) {}

    private final long population;
    private final long infectedAtStart;
    private final double infectionsPerStep;
    private final double recoveryProbability;
    private final int stepsPerDay;

    SirModel(long population, long infectedAtStart, double reproductionNumber, double infectiousDays, int stepsPerDay) {
        this.population = population;
        this.infectedAtStart = infectedAtStart;
        this.stepsPerDay = stepsPerDay;
        double recoveriesPerStep = 1 / (infectiousDays * stepsPerDay);
        this.infectionsPerStep = reproductionNumber * recoveriesPerStep;
        this.recoveryProbability = -Math.expm1(-recoveriesPerStep);
    }

    long population() {
        return population;
    }

    long infectedAtStart() {
        return infectedAtStart;
    }

    Outcome simulate(SplittableRandom random, int days) {
        long susceptible = population - infectedAtStart;
        long infected = infectedAtStart;
        long recovered = 0;
        long[] byDay = new long[days + 1];
        byDay[0] = infected;
        for (int day = 1; day <= days; day++) {
            for (int step = 0; step < stepsPerDay; step++) {
                double pressure = infectionsPerStep * infected / population;
                long newlyInfected = Binomial.sample(random, susceptible, -Math.expm1(-pressure));
                long newlyRecovered = Binomial.sample(random, infected, recoveryProbability);
                susceptible -= newlyInfected;
                infected += newlyInfected - newlyRecovered;
                recovered += newlyRecovered;
            }
            byDay[day] = infected;
        }
        return new Outcome(byDay, infected + recovered, susceptible, recovered);
    }
}
