package org.raygateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.EventReader;
import org.raygateway.FreePorts;
import org.raygateway.GatewayFixture;
import org.raygateway.GatewayProcess;
import org.raygateway.TestHttp;

/** Real gateways that go away while somebody watches. */
class WatchRestartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void watchShowsEachEventOnceThroughAStopAndAKill() throws Exception {
        String port = Integer.toString(FreePorts.one());
        String url = "http://127.0.0.1:" + port;
        GatewayProcess gateway = start(port);
        try {
            String job = submit(gateway.http());
            CompletableFuture<Integer> watch = CompletableFuture.supplyAsync(() -> RayGateway.execute(
                    new Console(
                            InputStream.nullInputStream(),
                            new PrintWriter(out, true),
                            new PrintWriter(err, true),
                            false),
                    GatewayStarter.ofThisBuild(),
                    stop -> {},
                    "watch",
                    job,
                    "--json",
                    "--url",
                    url));
            await().atMost(PATIENCE).until(() -> out.toString().contains("RUNNING"));

            gateway.terminate();
            gateway.awaitExit(PATIENCE);
            await().atMost(PATIENCE).until(() -> err.toString().contains("reconnecting"));
            gateway = start(port);
            await().atMost(PATIENCE).until(() -> err.toString().contains("the gateway is back"));
            gateway.close();
            gateway = start(port);

            assertThat(watch.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.SUCCESS);
            try (EventReader all = EventReader.open(gateway.http().uri("/jobs/" + job + "/events"))) {
                all.awaitEnd();
                assertThat(watched()).isEqualTo(all.ids());
            }
        } finally {
            gateway.close();
        }
    }

    private GatewayProcess start(String port) {
        return GatewayProcess.start(
                folder.resolve("data"),
                Map.of(),
                List.of(),
                "gateway.http.port",
                port,
                "gateway.reconcile.period",
                "500ms",
                "gateway.reconcile.silent-after",
                "1s");
    }

    /** Some ten seconds of work, so that it is cut twice. */
    private static String submit(TestHttp http) {
        return TestHttp.json(http.post("/jobs", GatewayFixture.job("{\"iterations\": 400000000}")))
                .get("job_id")
                .asText();
    }

    private List<String> watched() {
        return out.toString()
                .lines()
                .map(TestHttp::json)
                .map(event -> event.get("attempt").asInt() + "-"
                        + event.get("sequence").asLong())
                .toList();
    }
}
