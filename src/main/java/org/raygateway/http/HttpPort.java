package org.raygateway.http;

import io.netty.channel.Channel;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.raygateway.settings.SettingsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port that listens, and what every request on it has to pass. */
public final class HttpPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);
    private static final long SWEEP_MS = 250;
    private static final long DEADLINE_S = 5;

    private final Vertx vertx;
    private final HttpServer server;
    private final long sweeper;

    private HttpPort(Vertx vertx, HttpServer server, long sweeper) {
        this.vertx = vertx;
        this.server = server;
        this.sweeper = sweeper;
    }

    /**
     * @param property that names the port, for the error where it is taken
     * @throws SettingsException where nothing can listen there
     */
    public static HttpPort open(
            Vertx vertx,
            String property,
            String host,
            int port,
            HttpSettings settings,
            Handler<HttpServerRequest> requests) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setHttp2ClearTextEnabled(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
        RequestGuard guard = new RequestGuard(new ServedNames(host, settings.allowedHosts()));
        Connections connections = new Connections(guard, settings.connections());
        HttpServer server = vertx.createHttpServer(options)
                .requestHandler(requests)
                .connectionHandler(connection -> connections.enter(channel(connection), options));
        try {
            server.listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(DEADLINE_S, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failure) {
            throw new SettingsException(List.of("`" + property + "`: nothing can listen on port " + port + " of " + host
                    + " (" + failure.getCause().getMessage()
                    + "); stop what has it, or set the property to a free port (0 takes any)"));
        }
        return new HttpPort(vertx, server, vertx.setPeriodic(SWEEP_MS, timer -> connections.sweep()));
    }

    private static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    /** The one taken where 0 was asked for. */
    public int number() {
        return server.actualPort();
    }

    /** Cuts all connections off; nothing answers after that. */
    @Override
    public void close() {
        vertx.cancelTimer(sweeper);
        try {
            server.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(DEADLINE_S, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException failure) {
            LOG.warn("Port {} did not close cleanly: {}", number(), failure.getMessage());
        }
    }
}
