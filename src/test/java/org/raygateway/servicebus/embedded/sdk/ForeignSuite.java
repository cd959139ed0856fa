package org.raygateway.servicebus.embedded.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a suite in another language as a process. On its standard output it says {@code {"capability": ..., "outcome": ...}}
 * for each step, and {@code {"please": "restart"}} to have the broker restarted, which a line on its standard input confirms.
 */
final class ForeignSuite {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SECONDS = 300;

    private ForeignSuite() {}

    /** @param folder for the brokers' files, and for what the process says besides, shown where it ends badly */
    static List<Outcome> run(Path folder, String... command) throws IOException, InterruptedException {
        Path log = folder.resolve("log.txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        try (SdkBrokers brokers = new SdkBrokers(folder)) {
            builder.environment().put("SERVICEBUS_CONNECTION_STRING", brokers.connectionString());
            builder.environment().put("SERVICEBUS_SMALL_CONNECTION_STRING", brokers.smallConnectionString());
            builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
            Process process = builder.start();
            // Reading its output ends with the process, and so in time too.
            process.onExit()
                    .orTimeout(SECONDS, TimeUnit.SECONDS)
                    .whenComplete((ended, late) -> process.destroyForcibly());
            List<Outcome> outcomes = outcomes(process, brokers);
            if (process.waitFor() != 0) {
                throw new AssertionError("the suite ended with " + process.exitValue() + " after " + outcomes + ":\n"
                        + Files.readString(log));
            }
            return outcomes;
        }
    }

    private static List<Outcome> outcomes(Process process, SdkBrokers brokers) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
                Writer input = process.outputWriter(StandardCharsets.UTF_8)) {
            String line;
            while ((line = output.readLine()) != null) {
                JsonNode said = JSON.readTree(line);
                if (said.has("please")) {
                    brokers.restart();
                    input.write("restarted\n");
                    input.flush();
                } else {
                    outcomes.add(JSON.treeToValue(said, Outcome.class));
                }
            }
        } finally {
            process.destroyForcibly();
        }
        return outcomes;
    }
}
