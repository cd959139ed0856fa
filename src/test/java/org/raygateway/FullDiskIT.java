package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A gateway in a process of its own whose data, and in one case whose log too, is on a file system that is full for a while.
 * {@code -Dfulldisk.seconds=60 -Dfulldisk.rate=300} makes it longer and harder.
 */
class FullDiskIT {
    private static final int SECONDS = Integer.getInteger("fulldisk.seconds", 8);
    private static final int POSTS_A_SECOND = Integer.getInteger("fulldisk.rate", 100);
    private static final Duration UNTIL_WORK_GOES_ON = Duration.ofSeconds(10);
    private static final String LOG = "data.log";

    @TempDir
    Path directory;

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final Queue<CompletableFuture<String>> posts = new ConcurrentLinkedQueue<>();
    private final Queue<String> accepted = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> answers = new ConcurrentSkipListMap<>();
    private final Queue<String> lookUps = new ConcurrentLinkedQueue<>();
    private final AtomicReference<String> readiness = new AtomicReference<>("");

    @AfterEach
    void stop() {
        clock.shutdownNow();
    }

    @ParameterizedTest(name = "log on the same disk: {0}")
    @ValueSource(booleans = {false, true})
    void refusesPostsWhileTheDiskIsFullAndGoesOnWhenThereIsRoom(boolean logToo) throws Exception {
        int operations = freePort();
        try (SmallDisk disk = SmallDisk.mount(directory, 96)) {
            Path log = logToo ? disk.path().resolve(LOG) : directory.resolve(LOG);
            if (!logToo) {
                Files.createSymbolicLink(disk.path().resolve(LOG), log);
            }
            try (GatewayProcess gateway = GatewayProcess.start(
                    disk.path().resolve("data"),
                    Map.of(),
                    java.util.List.of(),
                    "gateway.operations.port",
                    Integer.toString(operations))) {
                TestHttp health = new TestHttp(URI.create("http://127.0.0.1:" + operations));
                String first = post(gateway).join();
                assertThat(first).isNotNull();
                awaitEnd(gateway, first);
                clock.scheduleAtFixedRate(
                        () -> posts.add(post(gateway)), 0, 1_000_000 / POSTS_A_SECOND, TimeUnit.MICROSECONDS);
                await().until(() -> accepted.size() > POSTS_A_SECOND / 2);

                disk.fill();
                long linesBefore = lines(log);
                clock.scheduleAtFixedRate(() -> lookUp(gateway, health, first), 0, 250, TimeUnit.MILLISECONDS);
                long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
                await().atMost(Duration.ofSeconds(SECONDS + 10))
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> {
                            disk.fill();
                            return System.nanoTime() > end;
                        });
                long linesWhileFull = lines(log) - linesBefore;
                int refused = refused();
                int acceptedWhileFull = accepted.size();
                disk.free();
                long freed = System.nanoTime();
                await().atMost(UNTIL_WORK_GOES_ON).until(() -> accepted.size() > acceptedWhileFull);
                String last = await().atMost(UNTIL_WORK_GOES_ON)
                        .until(() -> post(gateway).join(), job -> job != null);
                awaitEnd(gateway, last);
                Duration untilWork = Duration.ofNanos(System.nanoTime() - freed);
                clock.shutdown();
                assertThat(clock.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
                posts.forEach(CompletableFuture::join);

                System.err.printf(
                        "full for %d s: %s, %d refused meanwhile, work went on after %d ms, %d lines while full, log of %d bytes%n",
                        SECONDS, answers, refused, untilWork.toMillis(), linesWhileFull, Files.size(log));
                assertThat(refused).isGreaterThan(SECONDS * POSTS_A_SECOND / 2);
                assertThat(answers.keySet()).containsOnly("202", "503 application/problem+json with Retry-After");
                assertThat(lookUps).isNotEmpty().allMatch("200"::equals);
                assertThat(readiness.get()).contains("the disk is full. Free some space");
                assertThat(untilWork).isLessThan(UNTIL_WORK_GOES_ON);
                assertThat(linesWhileFull).as(Files.readString(log)).isLessThanOrEqualTo(SECONDS);
                assertThat(Files.size(log)).isLessThan(1 << 20);
                for (String job : accepted) {
                    awaitEnd(gateway, job);
                }
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> health.get("/observe/health").statusCode() == 200);
            }
        }
    }

    /** Whatever the answer is, it is counted; a 202 is kept. */
    private CompletableFuture<String> post(GatewayProcess gateway) {
        HttpRequest request = HttpRequest.newBuilder(gateway.http().uri("/jobs"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(GatewayFixture.job("{\"iterations\": 10000}")))
                .build();
        return TestHttp.CLIENT
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .handle((answer, broken) -> {
                    String name = broken == null ? name(answer) : broken.toString();
                    answers.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
                    String job = name.equals("202")
                            ? TestHttp.json(answer).get("job_id").asText()
                            : null;
                    if (job != null) {
                        accepted.add(job);
                    }
                    return job;
                });
    }

    private static String name(HttpResponse<String> answer) {
        String name = Integer.toString(answer.statusCode());
        if (answer.statusCode() == 202) {
            return name;
        }
        return name + " " + answer.headers().firstValue("Content-Type").orElse("")
                + (answer.headers().firstValue("Retry-After").isPresent() ? " with Retry-After" : "");
    }

    private int refused() {
        return new TreeMap<>(answers)
                .entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("503"))
                        .mapToInt(entry -> entry.getValue().get())
                        .sum();
    }

    private void lookUp(GatewayProcess gateway, TestHttp health, String job) {
        HttpResponse<String> found = gateway.http().get("/jobs/" + job);
        lookUps.add(Integer.toString(found.statusCode()));
        HttpResponse<String> state = health.get("/observe/health");
        if (state.statusCode() == 503 && state.body().contains("full")) {
            readiness.set(state.body());
        }
    }

    private static void awaitEnd(GatewayProcess gateway, String job) {
        await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(90)).untilAsserted(() -> assertThat(
                        TestHttp.json(gateway.http().get("/jobs/" + job))
                                .path("status")
                                .asText())
                .isEqualTo("COMPLETED"));
    }

    private static long lines(Path log) throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.count();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
