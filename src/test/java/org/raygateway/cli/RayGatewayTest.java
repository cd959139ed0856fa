package org.raygateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raygateway.cli.FakeGateway.event;
import static org.raygateway.cli.FakeGateway.json;
import static org.raygateway.cli.FakeGateway.stream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RayGatewayTest {
    private static final String ACCEPTED = "{\"job_id\":\"j\",\"status\":\"SUBMITTED\",\"message\":\"accepted\"}";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> started = new HashMap<>();
    private final List<Runnable> stopActions = new CopyOnWriteArrayList<>();

    @RegisterExtension
    final FakeGateway gateway = new FakeGateway();

    @Test
    void submitsTheTypedParametersAndPrintsTheJobsId() {
        gateway.on("POST /jobs", json(202, ACCEPTED));

        assertThat(execute("submit", "monte_carlo", "iterations=5", "a.b=x", "--idempotency-key", "k", "--url", url()))
                .isEqualTo(ExitCode.SUCCESS);

        assertThat(out).hasToString("j" + System.lineSeparator());
        assertThat(gateway.asked.get(0).body())
                .isEqualTo(
                        "{\"simulation_type\":\"monte_carlo\",\"parameters\":{\"iterations\":5,\"a\":{\"b\":\"x\"}}}");
        assertThat(gateway.asked.get(0).idempotencyKey()).isEqualTo("k");
    }

    @Test
    void readsParametersFromStandardInput() {
        gateway.on("POST /jobs", json(202, ACCEPTED));

        assertThat(execute("submit", "x", "--parameters", "-", "--url", url())).isEqualTo(ExitCode.SUCCESS);

        assertThat(gateway.asked.get(0).body()).endsWith("\"parameters\":{\"from\":\"stdin\"}}");
    }

    @Test
    void refusedJobExitsWith3AndShowsEachError() {
        gateway.on(
                "POST /jobs",
                json(
                        422,
                        "{\"title\":\"Unprocessable\",\"detail\":\"does not fit\",\"errors\":"
                                + "[{\"pointer\":\"/iterations\",\"message\":\"must be at least 1\"}]}"));

        assertThat(execute("submit", "monte_carlo", "iterations=-1", "--url", url()))
                .isEqualTo(ExitCode.REFUSED);

        assertThat(err.toString()).contains("Unprocessable (422)", "does not fit", "/iterations: must be at least 1");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void unavailableServiceExitsWith4AndSaysWhenToComeBack() {
        gateway.on("POST /jobs", json(503, "{\"title\":\"Unavailable\"}", "Retry-After", "60"));

        assertThat(execute("submit", "x", "--url", url())).isEqualTo(ExitCode.UNAVAILABLE);

        assertThat(err.toString()).contains("Unavailable (503)", "60 s");
    }

    @Test
    void serverThatNeverAnswersExitsWith4() {
        gateway.on("GET /computations", exchange -> {});

        assertThat(execute("computations", "--timeout", "1", "--url", url())).isEqualTo(ExitCode.UNAVAILABLE);

        assertThat(err.toString()).contains("no answer from " + url());
    }

    @Test
    void nobodyListeningExitsWith4() {
        gateway.close();

        assertThat(execute("list", "--url", url())).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(err.toString()).contains("is the gateway running");
    }

    @Test
    void answerThatIsNotJsonExitsWith4() {
        gateway.on("DELETE /jobs/j", json(200, "<html>"));

        assertThat(execute("cancel", "j", "--url", url())).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(err.toString()).contains("is this a Ray Gateway?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "submit",
                "submit x iterations",
                "submit x a=1 a.b=2",
                "submit x --parameters no-such-file",
                "list --limit 0",
                "list --url ftp://somewhere",
                "list --timeout 0",
                "watch",
                "watch j --patience soon",
                "submit x --watch --patience 2d",
                "no-such-command"
            })
    void wrongUsageExitsWith2AndSaysWhy(String line) {
        assertThat(execute(line.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).isNotBlank();
    }

    @Test
    void runStartsOnFreePortsShowsProgressPrintsTheResultAndStops() {
        gateway.on("POST /jobs", json(202, ACCEPTED));
        gateway.on(
                "GET /jobs/j/events",
                stream(
                        event("0-0", "SUBMITTED", 0),
                        event("1-1", "RUNNING", 4),
                        event("1-2", "RUNNING", 9),
                        event("1-3", "RUNNING", 55),
                        event("1-4", "COMPLETED", 100)));
        gateway.on("GET /jobs/j/result", json(200, "{\"job_id\":\"j\",\"result\":{\"estimate\":3.14,\"n\":7}}"));

        assertThat(execute("run", "monte_carlo", "iterations=5")).isEqualTo(ExitCode.SUCCESS);

        assertThat(out.toString().lines()).containsExactly("estimate  3.14", "n         7");
        assertThat(err.toString().lines())
                .containsExactly("SUBMITTED 0%", "RUNNING 4%", "RUNNING 55%", "COMPLETED 100%");
        assertThat(started)
                .containsEntry("gateway.http.port", "0")
                .containsEntry("gateway.operations.port", "0")
                .containsEntry("gateway.servicebus.embedded.port", "0");
        assertThat(gateway.closed).isTrue();
        assertThat(Path.of(started.get("gateway.data-dir"))).doesNotExist();
    }

    @Test
    void runOfAFailingJobExitsWith1AndSaysWhy() {
        gateway.on("POST /jobs", json(202, ACCEPTED));
        gateway.on(
                "GET /jobs/j/events",
                stream("id: 1-4\ndata: {\"status\":\"FAILED\",\"progress\":-1,\"message\":\"no memory\"}\n\n"));

        assertThat(execute("run", "monte_carlo")).isEqualTo(ExitCode.FAILED);

        assertThat(err.toString()).contains("job j FAILED: no memory");
        assertThat(gateway.closed).isTrue();
    }

    @Test
    void runThatIsAskedToStopCancelsItsJobAndExitsWith1() {
        gateway.on("POST /jobs", json(202, ACCEPTED)).on("DELETE /jobs/j", json(202, ACCEPTED));
        gateway.on("GET /jobs/j/events", exchange -> {
            stopActions.get(0).run();
            stream(event("1-1", "CANCELLED", -1)).to(exchange);
        });

        assertThat(execute("run", "monte_carlo")).isEqualTo(ExitCode.FAILED);

        assertThat(gateway.asked).extracting(FakeGateway.Asked::line).contains("DELETE /jobs/j");
        assertThat(gateway.closed).isTrue();
    }

    @Test
    void gatewayThatDoesNotStartExitsWith1AndNamesTheCause() {
        GatewayStarter failing = overrides -> {
            throw new IllegalStateException("cannot listen", new IOException("Address already in use"));
        };

        assertThat(RayGateway.execute(console(), failing, action -> {}, "serve"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("cannot listen: Address already in use");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"serve -D gateway.http.port=9000", "-Dgateway.http.port=9000", "--set gateway.http.port=9000"})
    void servesWithThePropertiesGivenWithAndWithoutTheCommandsName(String line) {
        GatewayStarter recording = overrides -> {
            started.putAll(overrides);
            return gateway;
        };

        assertThat(RayGateway.execute(console(), recording, stopActions::add, line.split(" ")))
                .isEqualTo(ExitCode.SUCCESS);

        assertThat(started).containsExactly(Map.entry("gateway.http.port", "9000"));
        assertThat(out.toString()).contains(url());
        assertThat(stopActions).hasSize(1);
        assertThat(gateway.closed).isTrue();
    }

    @Test
    void watchPrintsEachEventAsALineOfJson() {
        gateway.on("GET /jobs/j/events", stream(event("1-1", "RUNNING", 3), event("1-2", "CANCELLED", -1)));

        assertThat(execute("watch", "j", "--json", "--url", url())).isEqualTo(ExitCode.FAILED);

        assertThat(out.toString().lines())
                .containsExactly(
                        "{\"status\":\"RUNNING\",\"progress\":3}", "{\"status\":\"CANCELLED\",\"progress\":-1}");
    }

    @Test
    void watchSaysThatItReconnectsAndHowLongItTries() {
        gateway.on("GET /jobs/j/events", json(503, "{\"title\":\"Starting\"}"))
                .on("GET /jobs/j/events", stream(event("1-2", "CANCELLED", -1)));

        assertThat(execute("watch", "j", "--patience", "90s", "--json", "--url", url()))
                .isEqualTo(ExitCode.FAILED);

        assertThat(err.toString().lines())
                .containsExactly(
                        "reconnecting for up to 90 s: the gateway answered 503 Starting", "the gateway is back");
        assertThat(out.toString().lines()).hasSize(1);
    }

    @Test
    void watchWithoutPatienceGivesUpAtOnce() {
        gateway.close();

        assertThat(execute("watch", "j", "--patience", "0s", "--url", url())).isEqualTo(ExitCode.UNAVAILABLE);

        assertThat(err.toString()).contains("gave up after 0 s", "is the gateway running");
    }

    @Test
    void listFollowsTheCursorUpToTheLimit() {
        String row = "{\"job_id\":\"a\",\"status\":\"RUNNING\"}";
        gateway.on(
                "GET /jobs?status=RUNNING&limit=3",
                json(200, "{\"jobs\":[" + row + "," + row + "],\"next_cursor\":\"c\"}"));
        gateway.on(
                "GET /jobs?status=RUNNING&limit=1&cursor=c",
                json(200, "{\"jobs\":[" + row + "],\"next_cursor\":\"d\"}"));

        assertThat(execute("list", "--status", "RUNNING", "--limit", "3", "--json", "--url", url()))
                .isEqualTo(ExitCode.SUCCESS);

        assertThat(out.toString().strip()).isEqualTo("{\"jobs\":[" + row + "," + row + "," + row + "]}");
    }

    private String url() {
        return gateway.url();
    }

    private int execute(String... line) {
        return RayGateway.execute(console(), this::start, stopActions::add, line);
    }

    private FakeGateway start(Map<String, String> overrides) {
        started.putAll(overrides);
        assertThat(Path.of(overrides.get("gateway.data-dir"))).isDirectory();
        return gateway;
    }

    private Console console() {
        return new Console(
                new ByteArrayInputStream("{\"from\":\"stdin\"}".getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false);
    }
}
