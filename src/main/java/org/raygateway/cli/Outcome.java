package org.raygateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** How a job that has been followed to its end is reported, and with which exit code. */
final class Outcome {
    private final Console console;
    private final GatewayClient client;
    private final boolean json;

    Outcome(Console console, GatewayClient client, boolean json) {
        this.console = console;
        this.client = client;
        this.json = json;
    }

    /** Follows a job while its progress is shown, prints its result and returns the exit code. */
    int follow(String jobId, Duration patience) throws InterruptedException {
        Progress progress = new Progress(console);
        JobFollower follower = new JobFollower(client, jobId, progress, new Reconnects(patience, progress::notice));
        JsonNode end;
        try {
            end = follower.follow();
        } finally {
            progress.finish();
        }
        return report(jobId, end, follower);
    }

    private int report(String jobId, JsonNode end, JobFollower follower) throws InterruptedException {
        String status = end.path("status").asText();
        if (!"COMPLETED".equals(status)) {
            String message = Printable.text(end.path("message").asText(""));
            console.err().println("job " + jobId + " " + status + (message.isEmpty() ? "" : ": " + message));
            return ExitCode.FAILED;
        }
        print(follower.result());
        return ExitCode.SUCCESS;
    }

    void print(JsonNode answer) {
        if (json) {
            console.out().println(Json.line(answer));
        } else {
            JsonNode result = answer.path("result");
            new Printable(console.out()).print(result.isObject() ? result : answer);
        }
    }
}
