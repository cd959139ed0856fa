package org.raygateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Submits a job to a running gateway and, if asked to, follows it. */
@Command(name = "submit", description = "Submit a job to a running gateway.", mixinStandardHelpOptions = true)
final class SubmitCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private JobArguments arguments = new JobArguments();

    @Mixin
    private GatewayOptions gateway = new GatewayOptions();

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "The same key and job twice give one job and the same answer.")
    private Optional<String> idempotencyKey = Optional.empty();

    @Option(names = "--watch", description = "Follow the job to its end and print the result.")
    private boolean watch;

    SubmitCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        GatewayClient client = gateway.client();
        Duration patience = follow.patience();
        JsonNode accepted = client.submit(arguments.name(), arguments.parameters(console), idempotencyKey);
        String jobId = accepted.path("job_id").asText();
        if (watch) {
            console.err().println("job " + jobId);
            return new Outcome(console, client, gateway.json()).follow(jobId, patience);
        }
        console.out().println(gateway.json() ? Json.line(accepted) : jobId);
        return ExitCode.SUCCESS;
    }
}
