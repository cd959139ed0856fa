package org.raygateway.operations;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.raygateway.health.Availability;

/** What {@code /observe/health} says: every check by name, with one line each. */
final class HealthReport {
    enum Kind {
        ALL,
        LIVE,
        READY;

        String path() {
            return this == ALL ? "" : "/" + name().toLowerCase(Locale.ROOT);
        }
    }

    private final Availability availability;

    HealthReport(Availability availability) {
        this.availability = availability;
    }

    /** @param context null while there is none yet */
    Answer of(Kind kind, CamelContext context) {
        if (!availability.isReady() || context == null) {
            // Parts that come or go are no news then, and asking them may fail or take long.
            boolean alive = kind == Kind.LIVE;
            return report(
                    alive,
                    List.of(check(
                            "gateway", alive ? HealthCheck.State.UP : HealthCheck.State.DOWN, availability.message())));
        }
        Collection<HealthCheck.Result> results =
                switch (kind) {
                    case ALL -> HealthCheckHelper.invoke(context);
                    case LIVE -> HealthCheckHelper.invokeLiveness(context);
                    case READY -> HealthCheckHelper.invokeReadiness(context);
                };
        List<Map<String, Object>> checks = new ArrayList<>();
        for (HealthCheck.Result result : results) {
            checks.add(check(
                    result.getCheck().getId(),
                    result.getState(),
                    result.getMessage().orElse(null)));
        }
        return report(HealthCheckHelper.isResultsUp(results, kind == Kind.READY), checks);
    }

    private static Map<String, Object> check(String name, HealthCheck.State state, String message) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("name", name);
        check.put("status", state.name());
        if (message != null) {
            check.put("message", message);
        }
        return check;
    }

    private static Answer report(boolean up, List<Map<String, Object>> checks) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("status", up ? "UP" : "DOWN");
        report.put("checks", checks);
        return Answer.json(up ? 200 : 503, report);
    }
}
