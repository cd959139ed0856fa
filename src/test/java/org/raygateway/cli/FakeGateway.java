package org.raygateway.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server that answers each request with what it was told to, faults included, and remembers what it was asked. As an extension it
 * ends with its test.
 */
final class FakeGateway implements GatewayStarter.RunningGateway, AfterEachCallback {
    /** What was asked: {@code lastEventId} is null where the header was missing. */
    record Asked(String line, String body, String lastEventId, String idempotencyKey) {}

    /** Answers one exchange; may leave it without an answer. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Map<String, LinkedBlockingQueue<Answer>> answers = new ConcurrentHashMap<>();
    final List<Asked> asked = new CopyOnWriteArrayList<>();
    volatile boolean closed;

    FakeGateway() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    @Override
    public void afterEach(ExtensionContext test) {
        close();
    }

    /** The next answer to this request line, such as {@code POST /jobs}; several are given in turn. */
    FakeGateway on(String line, Answer answer) {
        answers.computeIfAbsent(line, key -> new LinkedBlockingQueue<>()).add(answer);
        return this;
    }

    static Answer json(int status, String body, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        };
    }

    /** A stream that ends in order after these events. */
    static Answer stream(String... events) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(String.join("", events).getBytes(StandardCharsets.UTF_8));
            exchange.close();
        };
    }

    /** A stream that breaks after these events: more bytes are promised than come. */
    static Answer broken(String... events) {
        return exchange -> {
            byte[] bytes = String.join("", events).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, bytes.length + 1000L);
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().flush();
            exchange.close();
        };
    }

    static String event(String position, String status, int progress) {
        return "id: " + position + "\r\nevent: status\r\ndata: {\"status\":\"" + status + "\",\r\ndata: \"progress\":"
                + progress + "}\r\n\r\n: beat\r\n\r\n";
    }

    String url() {
        return "http://127.0.0.1:" + httpPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        var headers = exchange.getRequestHeaders();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(line, body, headers.getFirst("Last-Event-ID"), headers.getFirst("Idempotency-Key")));
        LinkedBlockingQueue<Answer> prepared = answers.get(line);
        Answer answer = prepared == null ? null : prepared.poll();
        (answer == null ? json(500, "{\"title\":\"unexpected " + line + "\"}") : answer).to(exchange);
    }

    @Override
    public int httpPort() {
        return server.getAddress().getPort();
    }

    @Override
    public void awaitTermination() {
        // As if it had been closed at once.
    }

    @Override
    public void close() {
        closed = true;
        server.stop(0);
        workers.shutdownNow();
    }
}
