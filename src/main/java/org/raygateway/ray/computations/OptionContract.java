package org.raygateway.ray.computations;

import java.util.List;
import java.util.Locale;
import org.raygateway.ray.ComputationException;
import org.raygateway.ray.Parameters;

/**
 * An option and its market, under geometric Brownian motion.
 *
 * @param style when and on what it pays
 * @param call whether it is a call; else a put
 * @param spot price of the underlying now
 * @param rate continuously compounded, per year
 * @param dividendYield continuously compounded, per year
 * @param volatility per square root of a year
 * @param maturity in years
 * @param steps equally spaced dates at which an average is taken or a barrier watched
 * @param barrier level, used by barrier options only
 * @param up whether the barrier is above the spot
 * @param knockIn whether touching the barrier brings the option to life; else it ends it
 */
record OptionContract(
        Style style,
        boolean call,
        double spot,
        double strike,
        double rate,
        double dividendYield,
        double volatility,
        double maturity,
        int steps,
        double barrier,
        boolean up,
        boolean knockIn) {
    enum Style {
        /** On the price at maturity. */
        EUROPEAN,
        /** On the arithmetic average of the prices at the dates. */
        ASIAN,
        /** European, if the barrier was touched (or not) at one of the dates. */
        BARRIER
    }

    static OptionContract of(Parameters parameters) {
        Style style = Style.valueOf(upperCase(parameters.choice("style", List.of("european", "asian", "barrier"))));
        boolean watched = style == Style.BARRIER;
        double spot = parameters.decimal("spot", 1e-6, 1e9);
        String kind = watched
                ? parameters.choice("barrier_type", List.of("up-and-in", "up-and-out", "down-and-in", "down-and-out"))
                : "none";
        OptionContract contract = new OptionContract(
                style,
                parameters.choice("type", List.of("call", "put")).equals("call"),
                spot,
                parameters.decimal("strike", 1e-6, 1e9),
                parameters.decimal("rate", -1, 1),
                parameters.decimal("dividend_yield", -1, 1),
                parameters.decimal("volatility", 1e-4, 5),
                parameters.decimal("maturity", 1e-3, 100),
                style == Style.EUROPEAN ? 1 : (int) parameters.whole("steps", 1, 1000),
                watched ? parameters.decimal("barrier", 1e-6, 1e9) : 0,
                kind.startsWith("up"),
                kind.endsWith("in"));
        contract.requireBarrierOnItsSide();
        return contract;
    }

    private void requireBarrierOnItsSide() {
        if (style == Style.BARRIER && (up ? barrier <= spot : barrier >= spot)) {
            throw new ComputationException("`barrier` must be " + (up ? "above" : "below")
                    + " the spot price for this `barrier_type`; got barrier " + barrier + ", spot " + spot);
        }
    }

    private static String upperCase(String word) {
        return word.toUpperCase(Locale.ROOT);
    }

    double stepLength() {
        return maturity / steps;
    }

    double discount() {
        return Math.exp(-rate * maturity);
    }
}
