package org.raygateway.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.DefaultLoggingEventBuilder;

class OutageTest {
    private final List<String> lines = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5;
    private final Outage outage = new Outage(collecting(), Level.WARN, () -> now);

    /** A logger that keeps the texts it is given. */
    private Logger collecting() {
        return (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "atLevel" -> {
                            return new DefaultLoggingEventBuilder((Logger) proxy, (Level) arguments[0]);
                        }
                        case "warn", "info" -> lines.add((String) arguments[0]);
                        default -> {
                            // What else the builder asks for is of no interest.
                        }
                    }
                    return method.getReturnType() == boolean.class ? true : null;
                });
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void tellsOnceThatSomethingFailsAndOnceThatItIsOver() {
        outage.over("well");
        for (int i = 0; i < 1_000; i++) {
            outage.failed("broken");
        }
        outage.over("well");
        outage.over("well");

        assertThat(lines).containsExactly("broken", "well");
    }

    @Test
    void remindsOnceAMinuteHowOftenItFailed() {
        for (int second = 0; second <= 120; second++) {
            outage.failed("broken");
            pass(Duration.ofSeconds(1));
        }

        assertThat(lines)
                .containsExactly(
                        "broken",
                        "broken (59 times more since this was last said)",
                        "broken (59 times more since this was last said)");
    }

    @Test
    void tellsOfWhatComesAndGoesEveryTenSecondsAtMost() {
        for (int tenth = 0; tenth < 300; tenth++) {
            outage.failed("broken");
            outage.over("well");
            pass(Duration.ofMillis(100));
        }

        assertThat(lines).hasSize(6).endsWith("broken (99 times more since this was last said)", "well");
    }
}
