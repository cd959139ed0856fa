package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real browser on this machine opens a page of somebody else's, which tries every way a page has to reach both ports: by address,
 * by name, and by a name of its own that has been made to point here.
 */
@Timeout(180)
class ForeignPageIT {
    private static final String BROWSER = "chromium";

    @TempDir
    static Path data;

    private static final FakeDriver DRIVER = FakeDriver.start();
    private static GatewayFixture gateway;
    private static String job;
    private static String before;

    @BeforeAll
    static void start() {
        Requirement.require(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, BROWSER))),
                "a page of another origin needs a browser to open it: apt-get install " + BROWSER);
        gateway = GatewayFixture.start(data, DRIVER.properties());
        job = gateway.submitDispatched(GatewayFixture.SHORT);
        before = state();
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
        DRIVER.close();
    }

    /** All that a request could change. */
    private static String state() {
        StringBuilder state = new StringBuilder();
        TestHttp.json(gateway.http().get("/jobs")).get("jobs").forEach(one -> state.append(one.get("job_id"))
                .append(one.get("cancel_requested")));
        state.append(gateway.operations().get("/ops/dispatch").body());
        TestHttp.json(gateway.operations().get("/ops/routes"))
                .get("routes")
                .forEach(route -> state.append(route.get("id")).append(route.get("state")));
        return state.toString();
    }

    @Test
    void aPageOfAnotherOriginReadsAndChangesNothing(@TempDir Path profile) throws Exception {
        JsonNode report = open(profile, page());

        assertThat(report.get("tried").asInt()).as(report.toString()).isGreaterThan(100);
        assertThat(report.get("read")).as(report.toString()).isEmpty();
        assertThat(state()).isEqualTo(before);
        assertThat(DRIVER.cancels()).isEmpty();
    }

    /** A name that points here is the same origin to the browser: only the name gives it away. */
    @Test
    void aNameThatHasBeenMadeToPointHereIsRefused(@TempDir Path profile) throws Exception {
        int port = gateway.http().uri("/").getPort();
        Process browser = browser(profile, "--dump-dom", "http://rebound.test:" + port + "/jobs");
        try {
            String shown = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(shown).contains("421").doesNotContain(job);
        } finally {
            end(browser);
        }
    }

    private static String page() throws IOException {
        List<String> ports = List.of(
                Integer.toString(gateway.http().uri("/").getPort()),
                Integer.toString(gateway.operations().uri("/").getPort()));
        return Files.readString(Path.of("src/test/resources/foreign-page.html"))
                .replace("API_PORT", ports.get(0))
                .replace("OPERATIONS_PORT", ports.get(1))
                .replace("JOB_ID", job);
    }

    /** @return what the page says of its attempts */
    private static JsonNode open(Path profile, String page) throws Exception {
        BlockingQueue<String> reports = new ArrayBlockingQueue<>(1);
        HttpServer elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/", exchange -> answer(exchange, page));
        elsewhere.createContext("/report", exchange -> {
            reports.offer(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer(exchange, "thank you");
        });
        elsewhere.start();
        Process browser =
                browser(profile, "http://evil.test:" + elsewhere.getAddress().getPort() + "/");
        try {
            String report = reports.poll(120, TimeUnit.SECONDS);
            assertThat(report).as("the page's report").isNotNull();
            return TestHttp.json(report);
        } finally {
            end(browser);
            elsewhere.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Process browser(Path profile, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                BROWSER,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--host-resolver-rules=MAP *.test 127.0.0.1",
                "--user-data-dir=" + profile));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void end(Process browser) throws InterruptedException {
        List<ProcessHandle> all = Stream.concat(browser.descendants(), Stream.of(browser.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        assertThat(browser.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
}
