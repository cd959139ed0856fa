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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The managed identity endpoint of Azure App Service (api-version 2019-08-01), with one token. Each machine is given a path of its
 * own, so that it is known who asked.
 */
public final class FakeIdentity implements AutoCloseable {
    private static final String PATH = "/token/";
    private static final String SECRET = "header-of-this-test";
    private static final long LIFETIME_SECONDS = 86_400;

    private final HttpServer server;
    private final String token;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /**
     * What somebody asked.
     *
     * @param machine whose environment led here
     * @param userAgent the SDK that asked, such as {@code azsdk-python-identity/1.27.0 ...}
     * @param answered whether it got the token
     */
    public record Request(String machine, String userAgent, String query, boolean answered) {}

    public FakeIdentity(String token) throws IOException {
        this.token = token;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(PATH, this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String machine = exchange.getRequestURI().getPath().substring(PATH.length());
        boolean trusted = SECRET.equals(exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER"));
        boolean answered = trusted && !refused.contains(machine);
        String userAgent = exchange.getRequestHeaders().getFirst("User-Agent");
        requests.add(new Request(machine, userAgent, exchange.getRequestURI().getQuery(), answered));
        String body = answered
                ? "{\"access_token\": \"" + token + "\", \"token_type\": \"Bearer\","
                        + " \"resource\": \"https://servicebus.azure.net\", \"expires_on\": \""
                        + Instant.now().plusSeconds(LIFETIME_SECONDS).getEpochSecond() + "\"}"
                : "{}";
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answered ? 200 : 401, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /**
     * What a process on such a machine finds in its environment; the last entry leaves out every other way to log in.
     *
     * @param machine a word
     */
    public Map<String, String> environment(String machine) {
        return Map.of(
                "IDENTITY_ENDPOINT",
                "http://127.0.0.1:" + server.getAddress().getPort() + PATH + machine,
                "IDENTITY_HEADER",
                SECRET,
                "AZURE_TOKEN_CREDENTIALS",
                "ManagedIdentityCredential");
    }

    /** Gives that machine no token until it is trusted again. */
    public void refuse(String machine) {
        refused.add(machine);
    }

    public void trust(String machine) {
        refused.remove(machine);
    }

    public List<Request> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
