package org.raygateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** Shows a job's events as they come: a line rewritten on a terminal, else a line for each status, each tenth done and what it waits for. */
final class Progress implements Consumer<JsonNode> {
    private static final int WIDTH = 30;
    private static final int MESSAGE_WIDTH = 28;
    private static final int STEP = 10;
    private static final String ERASE_REST_OF_LINE = "\u001B[K";

    private final PrintWriter out;
    private final boolean terminal;
    private String lastStatus = "";
    private String lastMessage = "";
    private int lastStep = -1;
    private boolean lineOpen;

    Progress(Console console) {
        this.out = console.err();
        this.terminal = console.terminal();
    }

    @Override
    public void accept(JsonNode event) {
        String status = event.path("status").asText();
        int percent = event.path("progress").asInt();
        String message = Printable.text(event.path("message").asText(""));
        if (terminal) {
            out.print("\r" + bar(percent) + " " + status + shortened(message) + ERASE_REST_OF_LINE);
            out.flush();
            lineOpen = true;
        } else if (!status.equals(lastStatus) || percent / STEP > lastStep || isNewsOfWaiting(status, message)) {
            out.println((status + " " + (percent < 0 ? "" : percent + "% ") + message).strip());
            lastStatus = status;
            lastMessage = message;
            lastStep = percent / STEP;
        }
    }

    private boolean isNewsOfWaiting(String status, String message) {
        return status.equals("DISPATCHED") && !message.equals(lastMessage);
    }

    /** A line beside the job's. */
    void notice(String text) {
        finish();
        out.println(Printable.text(text));
    }

    /** Ends the line that was being rewritten. */
    void finish() {
        if (lineOpen) {
            out.println();
            lineOpen = false;
        }
    }

    /** A line that wraps cannot be rewritten. */
    private static String shortened(String message) {
        return "  " + message.substring(0, Math.min(MESSAGE_WIDTH, message.length()));
    }

    private static String bar(int percent) {
        int done = Math.max(0, Math.min(100, percent)) * WIDTH / 100;
        String number = percent < 0 ? "  --" : String.format("%3d%%", percent);
        return "[" + "#".repeat(done) + " ".repeat(WIDTH - done) + "] " + number;
    }
}
