package org.raygateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Asks a running gateway to cancel a job; the job ends a little later. */
@Command(name = "cancel", description = "Cancel a job.", mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private GatewayOptions gateway = new GatewayOptions();

    @Parameters(paramLabel = "JOB_ID")
    private String jobId;

    CancelCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer = gateway.client().cancel(jobId);
        console.out()
                .println(
                        gateway.json()
                                ? Json.line(answer)
                                : Printable.text(answer.path("message").asText("cancelling " + jobId)));
        return ExitCode.SUCCESS;
    }
}
