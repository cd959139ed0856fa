package org.raygateway.ray.computations;

import java.util.Map;

/** Closed-form prices and greeks of European options, to hold the simulation against (Black and Scholes, 1973). */
record BlackScholes(double spot, double strike, double rate, double yield, double volatility, double maturity) {
    static BlackScholes of(Map<String, Object> parameters) {
        return new BlackScholes(
                number(parameters, "spot"),
                number(parameters, "strike"),
                number(parameters, "rate"),
                number(parameters, "dividend_yield"),
                number(parameters, "volatility"),
                number(parameters, "maturity"));
    }

    private static double number(Map<String, Object> parameters, String name) {
        return ((Number) parameters.get(name)).doubleValue();
    }

    private double d1() {
        double variance = volatility * volatility * maturity;
        return (Math.log(spot / strike) + (rate - yield) * maturity + variance / 2) / Math.sqrt(variance);
    }

    double price(boolean call) {
        double d1 = d1();
        double d2 = d1 - volatility * Math.sqrt(maturity);
        double forward = spot * Math.exp(-yield * maturity);
        double payment = strike * Math.exp(-rate * maturity);
        return call ? forward * normal(d1) - payment * normal(d2) : payment * normal(-d2) - forward * normal(-d1);
    }

    double delta(boolean call) {
        return Math.exp(-yield * maturity) * (call ? normal(d1()) : normal(d1()) - 1);
    }

    double gamma() {
        return Math.exp(-yield * maturity) * density(d1()) / (spot * volatility * Math.sqrt(maturity));
    }

    double vega() {
        return spot * Math.exp(-yield * maturity) * density(d1()) * Math.sqrt(maturity);
    }

    private static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** The normal distribution by Simpson's rule; its error is far below what a simulation can see. */
    private static double normal(double x) {
        int intervals = 2_000;
        double width = x / intervals;
        double sum = density(0) + density(x);
        for (int i = 1; i < intervals; i++) {
            sum += (i % 2 == 0 ? 2 : 4) * density(i * width);
        }
        return 0.5 + sum * width / 3;
    }
}
