package org.raygateway;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A gateway in a JVM of its own, which can be killed. Its output goes to a file beside its data. */
public final class GatewayProcess implements AutoCloseable {
    private static final List<String> OPENED = List.of("lang", "math", "util", "util.concurrent", "net", "text");
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final TestHttp http;

    private GatewayProcess(Process process, int port) {
        this.process = process;
        this.http = new TestHttp(URI.create("http://127.0.0.1:" + port));
    }

    /** Returns when it answers. */
    static GatewayProcess start(Path data) {
        return start(data, Map.of(), List.of());
    }

    /**
     * Returns when it answers.
     *
     * @param jvmOptions such as {@code -Dname=value}
     * @param overrides property names and values in turn
     */
    public static GatewayProcess start(
            Path data, Map<String, String> environment, List<String> jvmOptions, String... overrides) {
        int port = Integer.parseInt(GatewayFixture.settings(data, overrides).get("gateway.http.port"));
        List<String> all = new ArrayList<>(List.of(overrides));
        if (port == 0) {
            port = freePort();
            all.addAll(List.of("gateway.http.port", Integer.toString(port)));
        }
        GatewayProcess gateway =
                new GatewayProcess(launch(data, environment, jvmOptions, all.toArray(String[]::new)), port);
        await().atMost(START).until(gateway::answers);
        return gateway;
    }

    /** Returns at once. */
    static Process launch(Path data, Map<String, String> environment, String... overrides) {
        return launch(data, environment, List.of(), overrides);
    }

    /** What all processes beside these data have printed. */
    static String log(Path data) {
        try {
            return Files.readString(logFile(data));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path logFile(Path data) {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    private static Process launch(
            Path data, Map<String, String> environment, List<String> jvmOptions, String... overrides) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:+UseSerialGC"));
        OPENED.forEach(name -> command.add("--add-opens=java.base/java." + name + "=ALL-UNNAMED"));
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.raygateway.cli.RayGateway",
                "serve"));
        Map<String, String> settings = GatewayFixture.settings(data, overrides);
        settings.forEach((key, value) -> command.addAll(List.of("-D", key + "=" + value)));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(logFile(data).toFile()));
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new AssertionError("the gateway ended with " + process.exitValue() + " at its start");
        }
        try {
            return http.get("/computations").statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    public TestHttp http() {
        return http;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(10));
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** @return the exit code */
    public int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the gateway still runs after " + patience);
            }
            return process.exitValue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
