package org.raygateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.raygateway.dispatch.DispatchSettings;
import org.raygateway.http.HttpSettings;
import org.raygateway.mesh.ConsulSettings;
import org.raygateway.reconcile.ReconcileSettings;
import org.raygateway.servicebus.ServiceBusSettings;
import org.raygateway.settings.PropertyReader;
import org.raygateway.settings.PropertySource;
import org.raygateway.status.EventSettings;
import org.raygateway.submission.SubmissionSettings;

/**
 * Everything that can be configured, checked.
 *
 * @param home where routes and relative paths start
 * @param properties all of them, for placeholders in routes
 */
record GatewaySettings(
        Path home,
        Map<String, String> properties,
        HttpSettings http,
        Path dataDirectory,
        Path computationsDirectory,
        SubmissionSettings submission,
        ServiceBusSettings serviceBus,
        RaySettings ray,
        DispatchSettings dispatch,
        EventSettings events,
        ReconcileSettings reconcile,
        ConsulSettings consul,
        Duration shutdownTimeout) {

    private static final Duration LONGEST_SHUTDOWN = Duration.ofSeconds(18);

    static GatewaySettings load(Map<String, String> overrides) {
        Path home = Path.of(System.getProperty("gateway.home", "")).toAbsolutePath();
        Map<String, String> properties = PropertySource.load(home, System.getenv(), overrides);
        PropertyReader reader = new PropertyReader(properties, home);
        refuseCamelsServers(properties, reader);
        GatewaySettings settings = new GatewaySettings(
                home,
                routeProperties(reader, properties),
                HttpSettings.from(reader),
                reader.path("gateway.data-dir"),
                reader.path("gateway.computations-dir"),
                SubmissionSettings.from(reader),
                ServiceBusSettings.from(reader),
                RaySettings.from(reader),
                DispatchSettings.from(reader),
                EventSettings.from(reader),
                ReconcileSettings.from(reader),
                ConsulSettings.from(reader),
                reader.duration("gateway.shutdown.timeout", Duration.ofSeconds(1), LONGEST_SHUTDOWN));
        reader.throwIfInvalid();
        return settings;
    }

    /** They run what a request asks for; operations of our own take their place. */
    private static void refuseCamelsServers(Map<String, String> properties, PropertyReader reader) {
        for (String key : properties.keySet()) {
            String plain = key.toLowerCase(Locale.ROOT).replace("-", "");
            if (plain.startsWith("camel.server.")
                    || plain.startsWith("camel.management.")
                    || plain.startsWith("camel.") && plain.contains("devconsole")) {
                reader.reject("`" + key + "` is for servers of Camel's own, of which the gateway has none;"
                        + " `gateway.operations.port` is where operations are");
            }
        }
    }

    GatewaySettings with(HttpSettings listening) {
        return new GatewaySettings(
                home,
                properties,
                listening,
                dataDirectory,
                computationsDirectory,
                submission,
                serviceBus,
                ray,
                dispatch,
                events,
                reconcile,
                consul,
                shutdownTimeout);
    }

    /** Checks what only routes use, and gives delays of redeliveries as Camel takes them: in milliseconds without a unit. */
    private static Map<String, String> routeProperties(PropertyReader reader, Map<String, String> properties) {
        Duration hour = Duration.ofHours(1);
        reader.integer("gateway.dispatch.batch-size", 1, 1000);
        reader.integer("gateway.relay.batch-size", 1, 2000);
        reader.duration("gateway.breaker.probe-period", Duration.ofMillis(10), hour);
        reader.duration("gateway.reconcile.period", Duration.ofMillis(100), hour);
        reader.duration("gateway.retention.period", Duration.ofMillis(100), Duration.ofDays(1));
        Map<String, String> prepared = new TreeMap<>(properties);
        for (String delay : List.of("gateway.dispatch.retry-delay", "gateway.dispatch.max-retry-delay")) {
            long millis = reader.duration(delay, Duration.ofMillis(1), hour).toMillis();
            prepared.put(delay, Long.toString(millis));
        }
        // No route needs it, and Camel shows its properties in places of its own.
        prepared.remove("gateway.consul.token");
        return prepared;
    }
}
