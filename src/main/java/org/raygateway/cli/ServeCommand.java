package org.raygateway.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.raygateway.cli.GatewayStarter.RunningGateway;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a gateway until a signal; then drains and stops. */
@Command(name = "serve", description = "Run the gateway (default).", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private final Console console;
    private final GatewayStarter starter;
    private final Consumer<Runnable> onStop;

    @Mixin
    private PropertyOptions options = new PropertyOptions();

    ServeCommand(Console console, GatewayStarter starter, Consumer<Runnable> onStop) {
        this.console = console;
        this.starter = starter;
        this.onStop = onStop;
    }

    @Override
    public Integer call() {
        return serve(options);
    }

    int serve(PropertyOptions overrides) {
        try (RunningGateway gateway = starter.start(Map.copyOf(overrides.properties()))) {
            onStop.accept(gateway::close);
            console.out().println("Ray Gateway listens on http://127.0.0.1:" + gateway.httpPort());
            gateway.awaitTermination();
        }
        return ExitCode.SUCCESS;
    }
}
