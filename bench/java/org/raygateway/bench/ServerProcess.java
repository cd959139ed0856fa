package org.raygateway.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server in a process and a data directory of its own; both go away when it is closed. */
public final class ServerProcess implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Process process;
    private final Path directory;
    private final int port;
    private final long startedNanos;

    private ServerProcess(List<String> command, Map<String, String> environment, Path directory, int port) {
        this.directory = directory;
        this.port = port;
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile());
        this.startedNanos = System.nanoTime();
        try {
            this.process = builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    /** The gateway as its launcher starts it: all defaults but ports, data directory and a quiet log. */
    static ServerProcess gateway(Path home) {
        return gateway(home, Map.of());
    }

    /** With further settings, by the names of their environment variables. */
    public static ServerProcess gateway(Path home, Map<String, String> settings) {
        Path directory = temporary();
        int port = freePort();
        Map<String, String> environment = new HashMap<>();
        environment.put("RAY_GATEWAY_BUILD", "never");
        environment.put("GATEWAY_HTTP_PORT", Integer.toString(port));
        environment.put("GATEWAY_OPERATIONS_PORT", "0");
        environment.put("GATEWAY_SERVICEBUS_EMBEDDED_PORT", "0");
        environment.put("GATEWAY_DATA_DIR", directory.toString());
        environment.putAll(settings);
        return new ServerProcess(
                List.of(home.resolve("ray-gateway").toString(), "serve"), environment, directory, port);
    }

    /** The driver beside a Ray head. */
    public static ServerProcess driver(Path home, int port, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("RAY_GATEWAY_BUILD", "never");
        environment.put("GATEWAY_DRIVER_PORT", Integer.toString(port));
        return new ServerProcess(
                List.of(home.resolve("ray-gateway").toString(), "driver"), environment, temporary(), port);
    }

    /** The bare handler under the same JVM options as the gateway. */
    static ServerProcess bare(ServerProcess gateway) {
        Path directory = temporary();
        int port = freePort();
        String java = ProcessHandle.current().info().command().orElse("java");
        List<String> command = Stream.of(
                        Stream.of(java),
                        gateway.jvmOptions().stream(),
                        Stream.of("-cp", System.getProperty("java.class.path"), BareServer.class.getName()),
                        Stream.of(Integer.toString(port), directory.toString()))
                .flatMap(part -> part)
                .toList();
        return new ServerProcess(command, Map.of(), directory, port);
    }

    public int port() {
        return port;
    }

    long startedNanos() {
        return startedNanos;
    }

    /** Fails with the end of its output where the process has ended. */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the server ended with code " + process.exitValue() + ": " + output());
        }
    }

    /** Resident memory now, in MB (10^6 bytes). */
    double residentMegabytes() {
        return status("VmRSS:");
    }

    /** Largest resident memory so far, in MB (10^6 bytes). */
    double peakMegabytes() {
        return status("VmHWM:");
    }

    private double status(String field) {
        return lines(Path.of("/proc", Long.toString(process.pid()), "status"))
                .filter(line -> line.startsWith(field))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D+", "")) * 1024 / 1e6)
                .findFirst()
                .orElse(Double.NaN);
    }

    List<String> jvmOptions() {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return Arrays.stream(line.split("\0"))
                    .filter(argument -> argument.startsWith("-X"))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String output() {
        List<String> all = lines(directory.resolve("output.log")).toList();
        return String.join(System.lineSeparator(), all.subList(Math.max(0, all.size() - 20), all.size()));
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("ray-gateway-bench-");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(directory)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
