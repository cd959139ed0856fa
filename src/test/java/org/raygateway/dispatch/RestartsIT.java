package org.raygateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.ComputationJar;
import org.raygateway.GatewayProcess;
import org.raygateway.TestHttp;

/** Who pays for restarts: nobody who only waited, and what kills its process itself. Ray is in the gateway's process. */
class RestartsIT {
    private static final Set<String> TERMINAL = Set.of("COMPLETED", "FAILED", "CANCELLED");
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int WAITING = 60;

    private static final String NAP =
            """
            public Map<String, Object> run(Parameters parameters, Progress progress) throws InterruptedException {
                Thread.sleep(parameters.whole("ms", 0, 600_000));
                return Map.of();
            }""";
    private static final String CRASH =
            """
            public Map<String, Object> run(Parameters parameters, Progress progress) {
                Runtime.getRuntime().halt(7);
                return Map.of();
            }""";

    private static final String EXIT =
            """
            public Map<String, Object> run(Parameters parameters, Progress progress) {
                System.exit(7);
                return Map.of();
            }""";

    @TempDir
    Path folder;

    private Path catalogue;

    @BeforeEach
    void writeComputations() throws IOException {
        Path jars = Files.createDirectory(folder.resolve("jars"));
        catalogue = Files.createDirectory(folder.resolve("computations"));
        for (var computation :
                Map.of("Nap", NAP, "Other", NAP, "Crash", CRASH, "Exit", EXIT).entrySet()) {
            ComputationJar.write(jars, computation.getKey(), computation.getValue());
            String name = computation.getKey().toLowerCase();
            Files.writeString(
                    catalogue.resolve(name + ".yaml"),
                    """
                    name: %s
                    title: For tests
                    description: For tests.
                    language: java
                    entry-point: org.example.%s
                    isolation: pooled
                    timeout: 10m
                    attempts: 3
                    parameters:
                      type: object
                      properties:
                        ms: {type: integer, default: 0}
                    example: {}
                    """
                            .formatted(name, computation.getKey()));
        }
    }

    private GatewayProcess start() {
        return GatewayProcess.start(
                folder.resolve("data"),
                Map.of(),
                List.of(),
                "gateway.computations-dir",
                catalogue.toString(),
                "gateway.ray.class-path",
                folder.resolve("jars").toString(),
                "gateway.ray.pool-size",
                "2",
                "gateway.reconcile.period",
                "1s");
    }

    private static String submit(GatewayProcess gateway, String computation, int ms) {
        HttpResponse<String> answer = gateway.http()
                .post("/jobs", "{\"simulation_type\": \"" + computation + "\", \"parameters\": {\"ms\": " + ms + "}}");
        assertThat(answer.statusCode()).isEqualTo(202);
        return TestHttp.json(answer).get("job_id").asText();
    }

    private static Map<String, JsonNode> jobs(GatewayProcess gateway) {
        List<JsonNode> jobs = new ArrayList<>();
        TestHttp.json(gateway.http().get("/jobs?limit=200")).get("jobs").forEach(jobs::add);
        return jobs.stream().collect(Collectors.toMap(job -> job.get("job_id").asText(), job -> job));
    }

    private static long count(GatewayProcess gateway, String status) {
        return TestHttp.json(gateway.http().get("/jobs?limit=200&status=" + status))
                .get("jobs")
                .size();
    }

    @Test
    void twentyRestartsGentleAndViolentFailNoJobThatNeverRan() {
        long seed = System.nanoTime();
        List<Boolean> gentle = new ArrayList<>(Collections.nCopies(10, true));
        gentle.addAll(Collections.nCopies(10, false));
        Collections.shuffle(gentle, new Random(seed));
        List<String> jobs = new ArrayList<>();

        GatewayProcess gateway = start();
        try {
            for (int i = 0; i < WAITING; i++) {
                jobs.add(submit(gateway, "nap", 700));
            }
            for (boolean gently : gentle) {
                GatewayProcess running = gateway;
                await().atMost(PATIENCE).until(() -> count(running, "RUNNING") > 0 || count(running, "SUBMITTED") == 0);
                stop(gateway, gently);
                gateway = start();
            }
            GatewayProcess last = gateway;
            await().atMost(PATIENCE).until(() -> jobs(last).values().stream()
                    .allMatch(job -> TERMINAL.contains(job.get("status").asText())));
            Map<String, JsonNode> ended = jobs(last);
            assertThat(ended.keySet()).as("order of seed %s", seed).containsExactlyInAnyOrderElementsOf(jobs);
            assertThat(ended.values())
                    .filteredOn(job -> job.get("status").asText().equals("FAILED"))
                    .as("order of seed %s", seed)
                    .allSatisfy(job -> assertThat(events(last, job)).contains("RUNNING"));
        } finally {
            gateway.close();
        }
    }

    private static void stop(GatewayProcess gateway, boolean gently) {
        if (gently) {
            gateway.terminate();
            gateway.awaitExit(Duration.ofSeconds(30));
        } else {
            gateway.kill();
        }
    }

    private static String events(GatewayProcess gateway, JsonNode job) {
        return gateway.http().get(job.at("/links/events").asText()).body();
    }

    @Test
    void busyPoolAndAThousandThatWaitForItHoldUpNoOtherComputationBeforeAndAfterAKill() {
        GatewayProcess gateway = start();
        try {
            for (int i = 0; i < 1002; i++) {
                submit(gateway, "nap", 600_000);
            }
            awaitRuns(gateway);
            gateway.kill();
            gateway = start();
            awaitRuns(gateway);
            assertThat(TestHttp.json(gateway.http().get("/jobs?simulation_type=nap&status=COMPLETED"))
                            .get("jobs"))
                    .isEmpty();
            assertThat(TestHttp.json(gateway.http().get("/jobs?simulation_type=nap&status=SUBMITTED&limit=1"))
                            .at("/jobs/0/message")
                            .asText())
                    .contains("waits for its turn", "jobs of nap in line");
        } finally {
            gateway.close();
        }
    }

    private static void awaitRuns(GatewayProcess gateway) {
        await().atMost(PATIENCE).until(() -> count(gateway, "RUNNING") >= 1);
        String other = submit(gateway, "other", 10);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> gateway.http().get("/jobs/" + other).body().contains("\"COMPLETED\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"crash", "exit"})
    void computationThatKillsItsProcessEndsAfterItsAttemptsAndTakesNoOtherWithIt(String killer) {
        List<String> naps = new ArrayList<>();
        int deaths = 0;
        String crash;
        GatewayProcess gateway = start();
        try {
            submit(gateway, "nap", 1500);
            crash = submit(gateway, killer, 0);
            for (int i = 0; i < 10 && gateway.isAlive(); i++) {
                naps.add(submitIfAlive(gateway));
            }
            while (!hasEnded(gateway, crash)) {
                assertThat(++deaths).isLessThanOrEqualTo(3);
                gateway.close();
                gateway = start();
            }
            assertThat(deaths).isEqualTo(3);
            GatewayProcess last = gateway;
            await().atMost(PATIENCE)
                    .until(() -> count(last, "COMPLETED") == jobs(last).size() - 1);
            JsonNode ended = jobs(last).get(crash);
            assertThat(ended.get("status").asText()).isEqualTo("FAILED");
            assertThat(ended.get("message").asText()).isEqualTo("Gave up after 3 attempts.");
        } finally {
            gateway.close();
        }
    }

    private static String submitIfAlive(GatewayProcess gateway) {
        try {
            return submit(gateway, "nap", 200);
        } catch (UncheckedIOException dead) {
            return "";
        }
    }

    /** Waits until the job has ended, or the process has. */
    private static boolean hasEnded(GatewayProcess gateway, String job) {
        await().atMost(PATIENCE).until(() -> !gateway.isAlive() || isFailed(gateway, job));
        return gateway.isAlive();
    }

    private static boolean isFailed(GatewayProcess gateway, String job) {
        try {
            return jobs(gateway).get(job).get("status").asText().equals("FAILED");
        } catch (UncheckedIOException dead) {
            return false;
        }
    }
}
