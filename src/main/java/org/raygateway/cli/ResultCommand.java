package org.raygateway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints the result of a job that has completed. */
@Command(name = "result", description = "Print the result of a completed job.", mixinStandardHelpOptions = true)
final class ResultCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private GatewayOptions gateway = new GatewayOptions();

    @Parameters(paramLabel = "JOB_ID")
    private String jobId;

    ResultCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        GatewayClient client = gateway.client();
        new Outcome(console, client, gateway.json()).print(client.result(jobId));
        return ExitCode.SUCCESS;
    }
}
