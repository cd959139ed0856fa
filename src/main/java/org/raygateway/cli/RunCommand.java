package org.raygateway.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.raygateway.cli.GatewayStarter.RunningGateway;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one job on a gateway of its own: start, submit over HTTP, follow, print the result, stop. */
@Command(
        name = "run",
        description = "Run one job on a gateway of its own and print the result.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final Console console;
    private final GatewayStarter starter;
    private final Consumer<Runnable> onStop;
    private final AtomicReference<Runnable> onSignal = new AtomicReference<>();

    @Mixin
    private JobArguments arguments = new JobArguments();

    @Mixin
    private PropertyOptions options = new PropertyOptions();

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Keep queue and jobs here (default: a temporary directory, removed at the end).")
    private Path dataDirectory;

    @Option(names = "--json", description = "Print the result as JSON, for machines.")
    private boolean json;

    RunCommand(Console console, GatewayStarter starter, Consumer<Runnable> onStop) {
        this.console = console;
        this.starter = starter;
        this.onStop = onStop;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode parameters = arguments.parameters(console);
        QuietLog.unlessAskedFor();
        try (DataDirectory data = DataDirectory.of(dataDirectory)) {
            onSignal.set(() -> abandon(data));
            onStop.accept(() -> onSignal.get().run());
            try (RunningGateway gateway = starter.start(overrides(data.path()))) {
                onSignal.set(gateway::close);
                return run(gateway, parameters);
            }
        }
    }

    private int run(RunningGateway gateway, ObjectNode parameters) throws InterruptedException {
        GatewayClient client = new GatewayClient(URI.create("http://127.0.0.1:" + gateway.httpPort()), ANSWER);
        String jobId = client.submit(arguments.name(), parameters, Optional.empty())
                .path("job_id")
                .asText();
        onSignal.set(() -> cancel(client, jobId));
        return new Outcome(console, client, json).follow(jobId, Reconnects.DEFAULT_PATIENCE);
    }

    /** There is nothing to drain while the gateway still starts. */
    private static void abandon(DataDirectory data) {
        try {
            data.close();
        } catch (IOException stillInUse) {
            // The temporary directory is all that stays behind.
        }
        Exit.with(ExitCode.FAILED);
    }

    /** The job's CANCELLED event then ends the command as any other end would. */
    private void cancel(GatewayClient client, String jobId) {
        try {
            client.cancel(jobId);
        } catch (RefusedException | UnreachableException notCancelled) {
            console.err().println("the job was not cancelled: " + notCancelled.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Free ports and a place of its own, so that it runs beside a gateway that serves. */
    private Map<String, String> overrides(Path data) {
        Map<String, String> properties = new HashMap<>();
        properties.put("gateway.http.host", "127.0.0.1");
        properties.put("gateway.http.port", "0");
        properties.put("gateway.operations.port", "0");
        properties.put("gateway.servicebus.embedded.port", "0");
        properties.put("gateway.data-dir", data.toString());
        properties.putAll(options.properties());
        return properties;
    }
}
