package org.raygateway.ray.computations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.ray.ComputationException;
import org.raygateway.ray.Parameters;
import org.raygateway.ray.driver.RayDriverServer;
import org.raygateway.ray.driver.RayDriverSettings;
import org.raygateway.ray.driver.RayMode;
import org.raygateway.ray.publish.StatusMessage;
import org.raygateway.ray.publish.StatusPublisher;

class OptionPricingTest {
    private static RayDriverServer ray;

    @BeforeAll
    static void startRay() {
        ray = RayDriverServer.inProcess("options", RayDriverSettings.defaults(RayMode.LOCAL), new Silent());
        assertThat(ray.awaitReady(Duration.ofSeconds(30))).isTrue();
    }

    @AfterAll
    static void stopRay() {
        ray.close();
    }

    record Silent() implements StatusPublisher {
        @Override
        public boolean publish(StatusMessage message) {
            return true;
        }

        @Override
        public boolean flush(Duration patience) {
            return true;
        }

        @Override
        public void close() {}
    }

    private final Map<String, Object> parameters = new HashMap<>(Map.of(
            "style",
            "european",
            "type",
            "call",
            "spot",
            100,
            "strike",
            105,
            "rate",
            0.03,
            "dividend_yield",
            0.01,
            "volatility",
            0.25,
            "maturity",
            0.75,
            "paths",
            400_000,
            "seed",
            11));

    OptionPricingTest() {
        parameters.put("tasks", 4);
        parameters.put("steps", 12);
    }

    private Map<String, Object> price() {
        return new OptionPricing().run(new Parameters(parameters), new Unhurried());
    }

    private static double value(Map<String, Object> result, String name) {
        return (double) result.get(name);
    }

    private static double greek(Map<String, Object> result, String name, String member) {
        return (double) ((Map<?, ?>) ((Map<?, ?>) result.get("greeks")).get(name)).get(member);
    }

    private static void assertGreek(Map<String, Object> result, String name, double expected) {
        double error = greek(result, name, "standard_error");
        assertThat(error).isPositive().isLessThan(0.1 * Math.abs(expected));
        assertThat(greek(result, name, "value")).as(name).isCloseTo(expected, within(4 * error));
    }

    @ParameterizedTest
    @CsvSource({"call, 1", "call, 2", "put, 3", "put, 4"})
    void europeanLiesWithinFourStandardErrorsOfBlackScholes(String type, int seed) {
        parameters.put("type", type);
        parameters.put("seed", seed);
        Map<String, Object> result = price();
        BlackScholes exact = BlackScholes.of(parameters);
        boolean call = type.equals("call");

        assertThat(value(result, "price")).isCloseTo(exact.price(call), within(4 * value(result, "standard_error")));
        assertThat(value(result, "standard_error")).isLessThan(0.03);
        assertGreek(result, "delta", exact.delta(call));
        assertGreek(result, "gamma", exact.gamma());
        assertGreek(result, "vega", exact.vega());
    }

    @Test
    void callAndPutDifferByTheForward() {
        Map<String, Object> call = price();
        parameters.put("type", "put");
        Map<String, Object> put = price();
        double parity = 100 * Math.exp(-0.01 * 0.75) - 105 * Math.exp(-0.03 * 0.75);
        double error = Math.hypot(value(call, "standard_error"), value(put, "standard_error"));
        assertThat(value(call, "price") - value(put, "price")).isCloseTo(parity, within(4 * error));
    }

    @ParameterizedTest
    @CsvSource({"up, 120", "down, 85"})
    void knockInAndKnockOutMakeTheVanillaOption(String side, double barrier) {
        parameters.putAll(Map.of("style", "barrier", "barrier", barrier, "barrier_type", side + "-and-in"));
        Map<String, Object> in = price();
        parameters.put("barrier_type", side + "-and-out");
        Map<String, Object> out = price();

        BlackScholes exact = BlackScholes.of(parameters);
        double error = value(in, "standard_error") + value(out, "standard_error");
        assertThat(value(in, "price")).isPositive();
        assertThat(value(out, "price")).isPositive();
        assertThat(value(in, "price") + value(out, "price")).isCloseTo(exact.price(true), within(4 * error));
        assertThat(greek(in, "delta", "value") + greek(out, "delta", "value"))
                .isCloseTo(exact.delta(true), within(0.05));
        double vegaError = greek(in, "vega", "standard_error") + greek(out, "vega", "standard_error");
        assertThat(greek(in, "vega", "value") + greek(out, "vega", "value"))
                .isCloseTo(exact.vega(), within(4 * vegaError));
    }

    @Test
    void asianOnOneDateIsEuropean() {
        parameters.putAll(Map.of("style", "asian", "steps", 1));
        Map<String, Object> result = price();
        BlackScholes exact = BlackScholes.of(parameters);
        assertThat(value(result, "price")).isCloseTo(exact.price(true), within(4 * value(result, "standard_error")));
        assertGreek(result, "vega", exact.vega());
    }

    @ParameterizedTest
    @ValueSource(strings = {"asian", "barrier"})
    void greeksAgreeWithDifferencesOfPrices(String style) {
        parameters.putAll(Map.of("style", style, "barrier", 140, "barrier_type", "up-and-in"));
        Map<String, Object> result = price();
        double bump = 0.5;
        parameters.put("spot", 100 + bump);
        double above = value(price(), "price");
        parameters.put("spot", 100 - bump);
        double below = value(price(), "price");
        double error = greek(result, "delta", "standard_error");
        assertThat(greek(result, "delta", "value")).isCloseTo((above - below) / (2 * bump), within(4 * error + 0.02));
    }

    @Test
    void averagingMakesTheOptionCheaper() {
        double european = value(price(), "price");
        parameters.put("style", "asian");
        assertThat(value(price(), "price")).isLessThan(0.8 * european);
    }

    @Test
    void givesTheSameResultWhateverTheNumberOfTasks() {
        parameters.put("paths", 100_001);
        parameters.put("tasks", 1);
        Map<String, Object> alone = price();
        parameters.put("tasks", 8);
        assertThat(price()).isEqualTo(alone);
        parameters.put("seed", 12);
        assertThat(price()).isNotEqualTo(alone);
    }

    @Test
    void stopsWhenCancelled() {
        parameters.put("paths", 2_000_000);
        assertThatThrownBy(() -> new OptionPricing().run(new Parameters(parameters), new Unhurried(3)))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void refusesBarrierOnTheWrongSideOfTheSpot() {
        parameters.putAll(Map.of("style", "barrier", "barrier", 90, "barrier_type", "up-and-out"));
        assertThatThrownBy(this::price)
                .isInstanceOf(ComputationException.class)
                .hasMessageContaining("`barrier` must be above the spot price");
    }
}
