package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;
import static org.raygateway.GatewayFixture.job;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.settings.SettingsException;

/** From the moment a port opens until it closes every request gets its answer or a 503; and a port that is taken stops the start. */
@Timeout(120)
class StartAndStopIT {
    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"gateway.http.port", "gateway.operations.port"})
    void takenPortStopsTheStartAndIsNamed(String property) throws IOException {
        try (FakeDriver driver = FakeDriver.start();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LogCapture log = LogCapture.start()) {
            String port = Integer.toString(taken.getLocalPort());
            String[] settings = driver.properties(property, port);

            assertThatThrownBy(() -> GatewayFixture.start(data, settings))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContainingAll("`" + property + "`", port, "already in use", "free port");
            assertThat(log.messages()).noneMatch(line -> line.contains("takes jobs"));
            assertThat(data.resolve("jobs.db")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway.http.port", "gateway.operations.port"})
    void processWithATakenPortEndsWithAnError(String property) throws Exception {
        try (FakeDriver driver = FakeDriver.start();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Process process = GatewayProcess.launch(data, Map.of(), driver.properties(property, port));
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(1);
                assertThat(GatewayProcess.log(data))
                        .contains("`" + property + "`", port)
                        .doesNotContain("listens on");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void refusesOnePortForBoth() {
        String port = Integer.toString(FreePorts.one());
        assertThatThrownBy(() -> GatewayFixture.start(data, "gateway.http.port", port, "gateway.operations.port", port))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("`gateway.http.port`", "`gateway.operations.port`");
    }

    @Test
    void postsGetTheirAnswerOr503FromTheFirstToTheLastMoment() throws Exception {
        int port = FreePorts.one();
        int operations = FreePorts.one();
        try (FakeDriver driver = FakeDriver.start();
                Load load = Load.on(port)) {
            for (int round = 0; round < 3; round++) {
                int before = load.count("202");
                try (GatewayFixture gateway = GatewayFixture.start(
                        data,
                        driver.properties(
                                "gateway.http.port", Integer.toString(port),
                                "gateway.operations.port", Integer.toString(operations)))) {
                    await().until(() -> load.count("202") > before + 100);
                    assertThat(gateway.http().get("/jobs").statusCode()).isEqualTo(200);
                }
            }
            assertThat(load.outcomes.keySet()).isSubsetOf("202", "503", "no answer");
            assertThat(load.outcomes).containsKeys("202", "503");
        }
    }

    /** Clients that post, and look, without a pause. */
    private static final class Load implements AutoCloseable {
        private static final int CLIENTS = 8;

        private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
        private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        private volatile boolean over;

        static Load on(int port) {
            Load load = new Load();
            URI jobs = URI.create("http://127.0.0.1:" + port + "/jobs");
            HttpRequest post = HttpRequest.newBuilder(jobs)
                    .timeout(Duration.ofSeconds(30))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(job(SHORT)))
                    .build();
            for (int i = 0; i < CLIENTS; i++) {
                load.clients.execute(() -> load.run(post));
            }
            return load;
        }

        private void run(HttpRequest post) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            while (!over) {
                note(outcome(client, post));
            }
        }

        private static String outcome(HttpClient client, HttpRequest post) {
            try {
                HttpResponse<String> answer = client.send(post, BodyHandlers.ofString());
                boolean asPromised = answer.statusCode() == 202
                        || answer.headers().firstValue("Retry-After").isPresent()
                                && answer.headers()
                                        .firstValue("Content-Type")
                                        .equals(java.util.Optional.of("application/problem+json"));
                return answer.statusCode()
                        + (asPromised ? "" : " " + answer.headers().map() + answer.body());
            } catch (IOException refusedOrClosed) {
                return "no answer";
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return "no answer";
            }
        }

        private void note(String outcome) {
            outcomes.computeIfAbsent(outcome, first -> new AtomicInteger()).incrementAndGet();
        }

        int count(String outcome) {
            AtomicInteger counted = outcomes.get(outcome);
            return counted == null ? 0 : counted.get();
        }

        @Override
        public void close() {
            over = true;
            clients.shutdownNow();
            await().until(clients::isTerminated);
        }
    }

    /** While a post waits for its durable write the gateway is asked to stop: it gets its answer, newcomers and health theirs. */
    @Test
    void finishesWhatItHasTakenAndSaysThatItStops() throws Exception {
        try (FakeDriver driver = FakeDriver.start()) {
            GatewayFixture gateway = GatewayFixture.start(data, driver.properties());
            ExecutorService stopper = Executors.newSingleThreadExecutor();
            try (EventReader stream = gateway.follow(gateway.submitDispatched(SHORT));
                    java.net.Socket slow = new java.net.Socket(
                            "127.0.0.1", gateway.http().uri("/").getPort())) {
                await().until(() -> stream.events().size() == 2);
                slow.setSoTimeout(20_000);
                String body = job(SHORT);
                slow.getOutputStream()
                        .write(
                                ("POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                                + body.length() + "\r\nConnection: close\r\n\r\n{")
                                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                await().untilAsserted(() ->
                        assertThat(gateway.gateway().pendingRequests()).isEqualTo(1));

                stopper.submit(gateway::close);
                await().untilAsserted(() -> {
                    HttpResponse<String> post = gateway.post(SHORT);
                    assertThat(post.statusCode()).isEqualTo(503);
                    assertThat(post.headers().firstValue("Retry-After")).isPresent();
                });
                HttpResponse<String> health = gateway.operations().get("/observe/health");
                assertThat(health.statusCode()).isEqualTo(503);
                assertThat(health.body()).contains("DOWN", "stopping");
                assertThat(gateway.operations().get("/observe/health/live").statusCode())
                        .isEqualTo(200);

                slow.getOutputStream().write(body.substring(1).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                assertThat(new String(slow.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 202");
                assertThat(stream.awaitEnd()).hasSize(2);
            } finally {
                stopper.shutdown();
                gateway.close();
            }
        }
    }

    @Test
    void saysThatItStarts() throws Exception {
        List<String> ports = List.of(Integer.toString(FreePorts.one()), Integer.toString(FreePorts.one()));
        TestHttp operations = new TestHttp(URI.create("http://127.0.0.1:" + ports.get(1)));
        ExecutorService starter = Executors.newSingleThreadExecutor();
        try (FakeDriver driver = FakeDriver.start()) {
            var starting = starter.submit(() -> GatewayFixture.start(
                    data,
                    driver.properties("gateway.http.port", ports.get(0), "gateway.operations.port", ports.get(1))));
            await().pollInterval(Duration.ofMillis(5)).ignoreExceptions().untilAsserted(() -> {
                HttpResponse<String> health = operations.get("/observe/health");
                assertThat(health.statusCode()).isEqualTo(503);
                assertThat(health.body()).contains("DOWN", "starting");
            });
            starting.get(60, TimeUnit.SECONDS).close();
        } finally {
            starter.shutdown();
        }
    }
}
