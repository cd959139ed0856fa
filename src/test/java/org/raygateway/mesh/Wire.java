package org.raygateway.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Watches the packets on a machine's cable and within it (src/test/python/wire.py); ends with the test's own process. */
final class Wire implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    /** @param command runs wire.py */
    Wire(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        input = process.outputWriter(StandardCharsets.UTF_8);
        if (!"ready".equals(output.readLine())) {
            close();
            throw new IllegalStateException("the packets could not be watched: " + command);
        }
    }

    /** What has passed so far, as wire.py describes it. */
    JsonNode seen() throws IOException {
        input.write("\n");
        input.flush();
        return JSON.readTree(output.readLine());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
