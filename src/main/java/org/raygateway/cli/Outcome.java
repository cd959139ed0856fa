package org.raygateway.cli;

import com.fasterxml.jackson.databind.JsonNode;

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
    int follow(String jobId) throws InterruptedException {
        Progress progress = new Progress(console);
        JsonNode end;
        try {
            end = new JobFollower(client, jobId, progress).follow();
        } finally {
            progress.finish();
        }
        return report(jobId, end);
    }

    /** @param end the terminal event, or the job as it stands */
    int report(String jobId, JsonNode end) throws InterruptedException {
        String status = end.path("status").asText();
        if (!"COMPLETED".equals(status)) {
            String message = Printable.text(end.path("message").asText(""));
            console.err().println("job " + jobId + " " + status + (message.isEmpty() ? "" : ": " + message));
            return ExitCode.FAILED;
        }
        print(client.result(jobId));
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
