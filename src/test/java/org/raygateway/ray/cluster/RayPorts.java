package org.raygateway.ray.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.raygateway.FreePorts;

/** A file like {@code ray/ports.env} with ports that are free. */
public final class RayPorts {
    private static final Path EXAMPLE = Path.of("ray/ports.env");
    private static final int WORKERS = 100;

    private RayPorts() {}

    /**
     * Writes the file.
     *
     * @return the port of the head's GCS
     */
    public static int write(Path file) throws IOException {
        int gcs = FreePorts.one();
        int workers = FreePorts.block(2 * WORKERS);
        List<String> lines = Files.readAllLines(EXAMPLE).stream()
                .filter(line -> line.contains("=") && !line.startsWith("#"))
                .map(line -> line.substring(0, line.indexOf('=')))
                .map(name -> name + "=" + port(name, gcs, workers))
                .toList();
        Files.write(file, lines);
        return gcs;
    }

    private static int port(String name, int gcs, int workers) {
        return switch (name) {
            case "HEAD_GCS_PORT" -> gcs;
            case "HEAD_FIRST_WORKER_PORT" -> workers;
            case "HEAD_LAST_WORKER_PORT" -> workers + WORKERS - 1;
            case "WORKER_FIRST_WORKER_PORT" -> workers + WORKERS;
            case "WORKER_LAST_WORKER_PORT" -> workers + 2 * WORKERS - 1;
            default -> FreePorts.one();
        };
    }
}
