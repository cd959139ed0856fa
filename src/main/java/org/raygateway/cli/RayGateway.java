package org.raygateway.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The command line: {@code serve} (default) and {@code run} start a gateway, {@code driver} runs beside a Ray head, all others talk to a
 * gateway over HTTP.
 * Exit codes are those of {@link ExitCode}.
 */
@Command(
        name = "ray-gateway",
        description = "Accepts jobs over HTTP, queues them durably, runs them on Ray and relays their progress.",
        mixinStandardHelpOptions = true,
        version = "Ray Gateway 0.1.0",
        footer = {
            "",
            "Without a command: serve.",
            "Exit codes: 0 success, 1 the job failed or was cancelled, 2 usage, 3 refused by the gateway,",
            "4 gateway not reachable or not able to answer."
        })
public final class RayGateway implements Callable<Integer> {
    private final ServeCommand serve;

    @Mixin
    private PropertyOptions options = new PropertyOptions();

    private RayGateway(ServeCommand serve) {
        this.serve = serve;
    }

    public static void main(String[] args) {
        Exit.with(execute(Console.ofThisProcess(), GatewayStarter.ofThisBuild(), Signals::onStop, args));
    }

    /**
     * Runs one command line to its end and returns its exit code; nothing here ends the JVM.
     *
     * @param onStop takes what to do when the process is asked to stop
     */
    static int execute(Console console, GatewayStarter starter, Consumer<Runnable> onStop, String... args) {
        CommandLine line = new CommandLine(new RayGateway(new ServeCommand(console, starter, onStop)));
        List.of(
                        new ServeCommand(console, starter, onStop),
                        new RunCommand(console, starter, onStop),
                        new ClusterCommand(),
                        new DriverCommand(console, onStop),
                        new SubmitCommand(console),
                        new WatchCommand(console),
                        new ListCommand(console),
                        new CancelCommand(console),
                        new ResultCommand(console),
                        new ComputationsCommand(console))
                .forEach(line::addSubcommand);
        return line.setExpandAtFiles(false)
                .setOut(console.out())
                .setErr(console.err())
                .setExecutionExceptionHandler(new Failures(console))
                .execute(args);
    }

    @Override
    public Integer call() {
        return serve.serve(options);
    }
}
