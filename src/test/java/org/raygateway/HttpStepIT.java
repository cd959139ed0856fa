package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running gateway's route is given a step that asks another service, in YAML alone. */
class HttpStepIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Asked(String line, List<String> headers, String body) {}

    @TempDir
    Path folder;

    private final FakeDriver driver = FakeDriver.start();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private HttpServer checker;
    private RoutesHome home;
    private GatewayFixture gateway;

    @BeforeEach
    void start() throws IOException {
        checker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        checker.setExecutor(workers);
        checker.createContext(
                "/check",
                exchange -> answer(exchange, exchange.getRequestURI().getPath().substring("/check/".length())));
        checker.createContext("/hang", exchange -> {});
        checker.start();
        home = RoutesHome.in(folder, (name, content) -> content);
        gateway = GatewayFixture.start(home.data(), driver.properties());
    }

    @AfterEach
    void stop() {
        gateway.close();
        home.close();
        checker.stop(0);
        workers.shutdownNow();
        driver.close();
    }

    private void answer(HttpExchange exchange, String verdict) throws IOException {
        asked.add(new Asked(
                exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                exchange.getRequestHeaders().keySet().stream().sorted().toList(),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        byte[] body = verdict.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Set-Cookie", "secret=1");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void asksServiceWithTheBodyAndNothingElseOfTheCaller() throws IOException {
        ask("/check/yes");
        await().atMost(PATIENCE).until(() -> post().statusCode() == 202 && !asked.isEmpty());

        Asked first = asked.get(0);
        assertThat(first.line()).isEqualTo("POST /check/yes");
        assertThat(first.body()).isEqualTo(GatewayFixture.job(GatewayFixture.SHORT));
        assertThat(first.headers())
                .doesNotContain("Authorization", "Cookie", "Idempotency-key", "X-secret", "Id", "Traceparent");
        String job = TestHttp.json(post()).get("job_id").asText();
        HttpResponse<String> again = post();
        assertThat(TestHttp.json(again).get("job_id").asText()).isEqualTo(job);
        assertThat(again.headers().firstValue("Set-Cookie")).isEmpty();

        ask("/check/no");
        await().atMost(PATIENCE).until(() -> post().statusCode() == 403);
        assertThat(post().body()).isEqualTo("the checker says no");
    }

    @Test
    void doesNotWaitForServiceThatHangs() throws IOException {
        ask("/hang");

        await().atMost(PATIENCE).until(() -> post().statusCode() == 500);
        assertThat(gateway.http().get("/computations").statusCode()).isEqualTo(200);
    }

    /** Puts the step before all others of submit-job. */
    private void ask(String path) throws IOException {
        String steps =
                """
                        - to:
                            id: to-checker
                            uri: http://127.0.0.1:%d%s
                            variableReceive: verdict
                        - filter:
                            simple: "${variable.verdict} == 'no'"
                            steps:
                              - setHeader: {name: CamelHttpResponseCode, constant: 403}
                              - setBody: {constant: the checker says no}
                              - stop: {}
                """
                        .formatted(checker.getAddress().getPort(), path);
        String route = Files.readString(Path.of("routes", "submit-job.yaml"));
        Path whole = folder.resolve("whole");
        Files.writeString(whole, route.replace("      steps:\n", "      steps:\n" + steps));
        Files.move(whole, home.route("submit-job"), StandardCopyOption.ATOMIC_MOVE);
    }

    private HttpResponse<String> post() {
        return gateway.post(
                GatewayFixture.SHORT,
                "Idempotency-Key",
                "k",
                "Authorization",
                "Bearer secret",
                "Cookie",
                "secret=1",
                "X-Secret",
                "1");
    }
}
