package org.raygateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Follows a job to its end; with {@code --json} each event is one line of output. */
@Command(name = "watch", description = "Follow a job to its end.", mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private GatewayOptions gateway = new GatewayOptions();

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Parameters(paramLabel = "JOB_ID")
    private String jobId;

    WatchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        GatewayClient client = gateway.client();
        if (!gateway.json()) {
            return new Outcome(console, client, false).follow(jobId, follow.patience());
        }
        Reconnects reconnects = new Reconnects(follow.patience(), new Progress(console)::notice);
        JsonNode end =
                new JobFollower(client, jobId, event -> console.out().println(Json.line(event)), reconnects).follow();
        return "COMPLETED".equals(end.path("status").asText()) ? ExitCode.SUCCESS : ExitCode.FAILED;
    }
}
