package org.raygateway.servicebus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The managed identity endpoint of Azure App Service (api-version 2019-08-01), with one token. */
final class FakeIdentity implements AutoCloseable {
    private static final String SECRET = "header-of-this-test";
    private static final long LIFETIME_SECONDS = 86_400;

    private final HttpServer server;
    private final String token;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    FakeIdentity(String token) throws IOException {
        this.token = token;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getQuery());
        boolean trusted = SECRET.equals(exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER"));
        String body = trusted
                ? "{\"access_token\": \"" + token + "\", \"token_type\": \"Bearer\","
                        + " \"resource\": \"https://servicebus.azure.net\", \"expires_on\": \""
                        + Instant.now().plusSeconds(LIFETIME_SECONDS).getEpochSecond() + "\"}"
                : "{}";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(trusted ? 200 : 401, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** What a process on such a machine finds in its environment; the last entry leaves out every other way to log in. */
    Map<String, String> environment() {
        return Map.of(
                "IDENTITY_ENDPOINT",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/token",
                "IDENTITY_HEADER",
                SECRET,
                "AZURE_TOKEN_CREDENTIALS",
                "ManagedIdentityCredential");
    }

    /** Queries of all requests. */
    List<String> asked() {
        return asked;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
