package org.raygateway;

import io.vertx.core.VertxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.DefaultMainShutdownStrategy;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.service.ServiceHelper;
import org.raygateway.health.GatewayMetrics;
import org.raygateway.http.AsyncHttpEngine;
import org.raygateway.http.HttpServerSetup;
import org.raygateway.http.HttpSettings;
import org.raygateway.settings.SettingsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running gateway: starts Camel Main over the parts and the routes, and stops them. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final GatewaySettings settings;
    private final Components components;
    private final Main main = new Main();
    private final AtomicBoolean ready = new AtomicBoolean();
    private final CountDownLatch terminated = new CountDownLatch(1);
    private boolean closed;

    private Gateway(GatewaySettings settings) {
        this.settings = settings;
        this.components = Components.start(settings);
    }

    /**
     * Starts a gateway and returns when it takes jobs.
     *
     * @param overrides properties by name, stronger than environment and file
     * @throws SettingsException listing everything that is wrong with the configuration
     */
    public static Gateway start(Map<String, String> overrides) {
        Gateway gateway = new Gateway(GatewaySettings.load(overrides));
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
        bindServer(settings.http());
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
        ready.set(true);
        LOG.info(
                "Ray Gateway takes jobs at http://{}:{}, operations at http://127.0.0.1:{}/observe/health",
                settings.http().host(),
                httpPort(),
                operationsPort());
    }

    /** Starts the HTTP server ahead of the routes, so that it can be given its limits and errors; until they are there it answers 503. */
    private void beforeRoutes(CamelContext context) {
        components.awaitRay();
        ServiceHelper.startService(context.hasService(MainHttpServer.class));
        HttpServerSetup.mount(context, settings.http(), components.streams(), ready::get);
        components.connect(context.createProducerTemplate());
    }

    private void addObservers(CamelContext context) {
        HealthCheckRegistry health = HealthCheckRegistry.get(context);
        components.healthChecks().forEach(health::register);
        GatewayMetrics.bind(context, components.breakers(), components.gauges(), components.counters());
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
        HttpSettings http = settings.http();
        Properties properties = new Properties();
        properties.putAll(settings.properties());
        properties.setProperty("camel.server.enabled", "true");
        properties.setProperty("camel.server.host", http.host());
        properties.setProperty("camel.server.port", Integer.toString(http.port()));
        properties.setProperty("camel.server.maxBodySize", Long.toString(http.maxBodyBytes()));
        properties.setProperty("camel.management.enabled", "true");
        properties.setProperty("camel.management.host", "127.0.0.1");
        properties.setProperty("camel.management.port", Integer.toString(http.operationsPort()));
        properties.setProperty("camel.management.healthCheckEnabled", "true");
        properties.setProperty("camel.management.healthPath", "/observe/health");
        properties.setProperty("camel.management.metricsEnabled", "true");
        properties.setProperty("camel.management.devConsoleEnabled", "true");
        properties.setProperty("camel.metrics.path", "/observe/metrics");
        properties.setProperty(
                "camel.main.shutdownTimeout",
                Long.toString(settings.shutdownTimeout().toSeconds()));
        return properties;
    }

    /** Two servers in one context: Camel finds the API's port by this bean alone. */
    private void bindServer(HttpSettings http) {
        VertxPlatformHttpServerConfiguration server = new VertxPlatformHttpServerConfiguration();
        server.setBindPort(http.port());
        main.bind("apiServer", server);
        main.bind(PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, new AsyncHttpEngine());
        main.bind("vertxOptions", new VertxOptions().setWorkerPoolSize(http.workerThreads()));
    }

    public int httpPort() {
        return settings.http().port();
    }

    public int operationsPort() {
        return settings.http().operationsPort();
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

    /** Lets requests and hand-overs in progress finish, as long as the shutdown timeout allows, and stops. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        components.stopDispatch();
        if (ready.get()) {
            components.leaveConsul();
        }
        try {
            main.stop();
            main.shutdown();
        } catch (Exception failure) {
            LOG.warn("The routes did not stop cleanly", failure);
        }
        components.close();
        terminated.countDown();
    }
}
