package org.raygateway.operations;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;

/** Every route with its state and its figures. */
final class RouteReport {
    private RouteReport() {}

    static Map<String, Object> of(CamelContext context) {
        List<Map<String, Object>> routes = new ArrayList<>();
        context.getRoutes().stream()
                .sorted(Comparator.comparing(Route::getRouteId))
                .forEach(route -> routes.add(of(context, route)));
        return Map.of("routes", routes);
    }

    static Map<String, Object> of(CamelContext context, Route route) {
        Map<String, Object> report = state(context, route.getRouteId());
        report.put("description", route.getDescription());
        report.put("uptime_ms", route.getUptimeMillis());
        ManagedCamelContext managed = context.getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
        ManagedRouteMBean figures = managed == null ? null : managed.getManagedRoute(route.getRouteId());
        if (figures != null) {
            report.put("exchanges", figures(figures));
        }
        return report;
    }

    static Map<String, Object> state(CamelContext context, String id) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("id", id);
        report.put("state", String.valueOf(context.getRouteController().getRouteStatus(id)));
        return report;
    }

    private static Map<String, Object> figures(ManagedRouteMBean route) {
        Map<String, Object> figures = new LinkedHashMap<>();
        try {
            figures.put("total", route.getExchangesTotal());
            figures.put("failed", route.getExchangesFailed());
            figures.put("inflight", route.getExchangesInflight());
            figures.put("mean_ms", route.getMeanProcessingTime());
            figures.put("last_ms", route.getLastProcessingTime());
        } catch (Exception unreadable) {
            throw new IllegalStateException(unreadable);
        }
        return figures;
    }
}
