package org.raygateway.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of the product's own scripts, run to its end. */
final class Script {
    private Script() {}

    /** Fails with the script's output where it fails or takes too long. */
    static void must(Site site, Map<String, String> settings, Duration limit, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(site.folder(), "script", ".log");
        int code = run(site, settings, limit, output, command);
        if (code != 0) {
            throw new IllegalStateException(
                    String.join(" ", command) + " ended with " + code + ": " + Files.readString(output));
        }
    }

    /** For taking down what was started: an interrupt comes too early for that. */
    static void mustAlways(Site site, Map<String, String> settings, Duration limit, String... command)
            throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            must(site, settings, limit, command);
        } catch (InterruptedException again) {
            interrupted = true;
            mustAlways(site, settings, limit, command);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static boolean succeeds(Site site, Map<String, String> settings, Duration limit, String... command)
            throws IOException, InterruptedException {
        return run(site, settings, limit, Files.createTempFile(site.folder(), "script", ".log"), command) == 0;
    }

    /** Into a file: what a script leaves running keeps no pipe open. */
    private static int run(Site site, Map<String, String> settings, Duration limit, Path output, String... command)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.set(0, site.home().resolve(command[0]).toString());
        ProcessBuilder builder =
                new ProcessBuilder(arguments).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("(MESH|CONSUL|RAY|RAYGATEWAY)_.*"));
        builder.environment().putAll(site.settings(settings));
        Process process = builder.start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(String.join(" ", command) + " did not end within " + limit.toSeconds()
                        + " s: " + Files.readString(output));
            }
            return process.exitValue();
        } finally {
            process.destroy();
        }
    }
}
