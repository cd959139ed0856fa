package org.raygateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists what a running gateway can compute, or describes one computation with its parameters. */
@Command(
        name = "computations",
        description = "List the computations of a running gateway, or describe one.",
        mixinStandardHelpOptions = true)
final class ComputationsCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private GatewayOptions gateway = new GatewayOptions();

    @Parameters(arity = "0..1", paramLabel = "NAME")
    private Optional<String> name = Optional.empty();

    ComputationsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        GatewayClient client = gateway.client();
        JsonNode answer = name.isPresent() ? client.computation(name.get()) : client.computations();
        if (gateway.json()) {
            console.out().println(Json.line(answer));
        } else if (name.isPresent()) {
            console.out().println(Json.pretty(answer));
        } else {
            for (JsonNode computation : answer.path("computations")) {
                console.out()
                        .printf(
                                "%-20s  %s%n",
                                Printable.text(computation.path("name").asText()),
                                Printable.text(computation.path("title").asText()));
            }
        }
        return ExitCode.SUCCESS;
    }
}
