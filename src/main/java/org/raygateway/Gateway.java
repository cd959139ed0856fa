package org.raygateway;

import io.vertx.ext.web.Router;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.DefaultMainShutdownStrategy;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.raygateway.health.GatewayMetrics;
import org.raygateway.settings.SettingsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running gateway: starts Camel Main over the parts and the routes, and stops them. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private static final Duration HTTP_DRAIN = Duration.ofSeconds(5);

    private final GatewaySettings settings;
    private final Doors doors;
    private final Components components;
    private final GatewayMetrics metrics = new GatewayMetrics();
    private final Main main = new Main();
    private final CountDownLatch terminated = new CountDownLatch(1);
    private boolean closed;

    private Gateway(GatewaySettings configured, Doors doors) {
        this.doors = doors;
        this.settings = configured.with(configured.http().listeningAt(doors.httpPort(), doors.operationsPort()));
        this.components = Components.start(settings, doors.hold());
    }

    /**
     * Starts a gateway and returns when it takes jobs.
     *
     * @param overrides properties by name, stronger than environment and file
     * @throws SettingsException listing everything that is wrong with the configuration
     */
    public static Gateway start(Map<String, String> overrides) {
        GatewaySettings settings = GatewaySettings.load(overrides);
        Doors doors = Doors.open(settings.http());
        Gateway gateway;
        try {
            gateway = new Gateway(settings, doors);
        } catch (RuntimeException | Error failure) {
            doors.close();
            throw failure;
        }
        try {
            gateway.startRoutes();
            return gateway;
        } catch (Exception failure) {
            gateway.close();
            throw failure instanceof RuntimeException known
                    ? known
                    : new IllegalStateException("the gateway did not start", failure);
        }
    }

    private void startRoutes() throws Exception {
        DefaultMainShutdownStrategy signalsAreOurs = new DefaultMainShutdownStrategy(main);
        signalsAreOurs.disableHangupSupport();
        main.setShutdownStrategy(signalsAreOurs);
        main.setPropertyPlaceholderLocations("false");
        main.setOverrideProperties(camelProperties());
        main.configure().withRoutesIncludePattern("file:" + routes() + "/*.yaml");
        components.beans().forEach(main::bind);
        doors.beans().forEach(main::bind);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport configured) {
                beforeRoutes(configured.getCamelContext());
            }
        });
        RouteReload reload = new RouteReload(routes());
        main.start();
        main.getCamelContext().addService(reload);
        addObservers(main.getCamelContext());
        doors.welcome(main.getCamelContext(), metrics);
        LOG.info(
                "Ray Gateway takes jobs at http://{}:{}, operations at http://127.0.0.1:{}/observe/health",
                settings.http().host(),
                httpPort(),
                operationsPort());
    }

    private void beforeRoutes(CamelContext context) {
        components.awaitRay();
        metrics.watchRoutes(context);
        components.streams().mount(doors.vertx(), doors.api().router());
        components.connect(context.createProducerTemplate());
    }

    private void addObservers(CamelContext context) {
        HealthCheckRegistry health = HealthCheckRegistry.get(context);
        health.register(doors.availability());
        components.healthChecks().forEach(health::register);
        metrics.add(components.breakers(), components.gauges(), components.counters());
    }

    private Path routes() {
        Path routes = settings.home().resolve("routes");
        if (!Files.isDirectory(routes)) {
            throw new SettingsException(List.of("`routes` must be a folder in the gateway's home, but "
                    + settings.home() + " has none; start it by its launcher, or set -Dgateway.home"));
        }
        return routes;
    }

    private Properties camelProperties() {
        Properties properties = new Properties();
        properties.putAll(settings.properties());
        properties.setProperty(
                "camel.main.shutdownTimeout",
                Long.toString(settings.shutdownTimeout().toSeconds()));
        return properties;
    }

    public int httpPort() {
        return settings.http().port();
    }

    public int operationsPort() {
        return settings.http().operationsPort();
    }

    /** Requests for jobs that have no answer yet. */
    int pendingRequests() {
        return doors.api().pending();
    }

    /** What the API's port serves. */
    Router apiRouter() {
        return doors.api().router();
    }

    /** What the operators' port serves. */
    Router operationsRouter() {
        return doors.operations().router();
    }

    /** Where this gateway sends its messages: the embedded broker's connection string, or the configured one. */
    public String serviceBusConnectionString() {
        return components.serviceBus().connectionString();
    }

    /** Returns once the gateway has been closed. */
    public void awaitTermination() {
        try {
            terminated.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration atMost(Duration wanted, Duration limit) {
        return wanted.compareTo(limit) < 0 ? wanted : limit;
    }

    private void limitStop(Duration patience) {
        if (main.getCamelContext() != null) {
            main.getCamelContext().getShutdownStrategy().setTimeout(Math.max(1, patience.toSeconds()));
        }
    }

    /** Lets requests and hand-overs in progress finish, as long as the shutdown timeout allows, and stops. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean wasReady = doors.availability().isReady();
        doors.availability().stopping();
        components.stopDispatch();
        if (wasReady) {
            components.leaveConsul();
        }
        long begun = System.nanoTime();
        doors.drain(atMost(HTTP_DRAIN, settings.shutdownTimeout().dividedBy(2)));
        try {
            limitStop(settings.shutdownTimeout().minusNanos(System.nanoTime() - begun));
            main.stop();
            main.shutdown();
        } catch (Exception failure) {
            LOG.warn("The routes did not stop cleanly", failure);
        }
        components.endStreams();
        components.close();
        doors.close();
        terminated.countDown();
    }
}
