package org.raygateway.mesh;

import static org.raygateway.Requirement.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.raygateway.FreePorts;

/** The scripts of consul/, run as processes with ports and a run directory of a test's own. */
final class Mesh implements AutoCloseable {
    /** What a script said, and its exit code. */
    record Outcome(int exitCode, String output) {}

    private static final Path SCRIPTS = Path.of("consul").toAbsolutePath();
    private static final long GET_MINUTES = 30;
    private static final long SCRIPT_SECONDS = 150;

    private final Path runDirectory;
    private final Map<String, String> settings = new TreeMap<>();
    private final String consul;

    /**
     * @param runDirectory where the mesh keeps its files; short, as sockets lie in it
     * @param settings what ports.env names, where free ports will not do
     */
    Mesh(Path runDirectory, Map<String, String> settings) throws IOException, InterruptedException {
        this.runDirectory = runDirectory;
        this.consul = consulOrSkip(runDirectory);
        this.settings.putAll(freePorts());
        this.settings.put("MESH_RUN_DIR", runDirectory.toString());
        this.settings.put("MESH_NODE", "test");
        this.settings.putAll(settings);
    }

    /** Skips the tests where Consul or Envoy cannot be had, but fails them on a build server. */
    static String consulOrSkip(Path runDirectory) throws IOException, InterruptedException {
        Outcome got = execute(
                List.of(SCRIPTS.resolve("get").toString(), "--print"),
                Map.of(),
                runDirectory,
                TimeUnit.MINUTES.toSeconds(GET_MINUTES));
        require(
                got.exitCode() == 0,
                "Mesh tests need Consul and Envoy: " + got.output().strip());
        List<String> lines = got.output().lines().toList();
        return lines.get(lines.size() - 2);
    }

    private static Map<String, String> freePorts() throws IOException {
        List<String> names = Files.readString(SCRIPTS.resolve("ports.env"))
                .lines()
                .filter(line -> line.startsWith(": "))
                .map(line -> line.replaceAll(".*\\{(\\w+):=.*", "$1"))
                .toList();
        List<Integer> ports = FreePorts.find(names.size());
        Map<String, String> result = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            result.put(names.get(i), ports.get(i).toString());
        }
        return result;
    }

    /** What the scripts read from their environment. */
    Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    int port(String setting) {
        return Integer.parseInt(settings.get(setting));
    }

    /** All ports that the mesh itself binds. */
    List<Integer> boundPorts() {
        return settings.keySet().stream()
                .filter(name -> name.startsWith("MESH_CONSUL_") || name.matches("MESH_.*_(SIDECAR|UPSTREAM)_PORT"))
                .map(this::port)
                .toList();
    }

    /** The pids that the scripts have written down and that live. */
    List<Long> livingPids() throws IOException {
        Path pids = runDirectory.resolve("pids");
        if (!Files.exists(pids)) {
            return List.of();
        }
        try (var files = Files.list(pids)) {
            return files.map(Mesh::read)
                    .map(text -> Long.parseLong(text.split(" ")[0]))
                    .filter(Mesh::lives)
                    .toList();
        }
    }

    /** Whether a process runs; one that has ended and waits for its parent to notice has no command any more. */
    static boolean lives(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .isPresent();
    }

    String secret(String name) {
        return read(runDirectory.resolve("secrets").resolve(name)).strip();
    }

    /** The program itself, as a path. */
    String consul() {
        return consul;
    }

    Path file(String name) {
        return runDirectory.resolve(name);
    }

    Outcome run(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(script).toString()));
        command.addAll(Arrays.asList(arguments));
        return execute(command, settings, runDirectory, SCRIPT_SECONDS);
    }

    /** Runs any command with the settings of the mesh in its environment. */
    Outcome execute(String... command) throws IOException, InterruptedException {
        return execute(List.of(command), settings, runDirectory, SCRIPT_SECONDS);
    }

    /** Runs a script that has to succeed. */
    void must(String script, String... arguments) throws IOException, InterruptedException {
        Outcome outcome = run(script, arguments);
        if (outcome.exitCode() != 0) {
            throw new IllegalStateException(
                    "consul/" + script + " ended with " + outcome.exitCode() + ": " + outcome.output());
        }
    }

    void writeConfig() throws IOException, InterruptedException {
        must("configure", consul);
    }

    void deleteIntentions(String service) throws IOException, InterruptedException {
        consul("management", "config", "delete", "-kind", "service-intentions", "-name", service);
    }

    /** Runs Consul's own command with the token of that name; it has to succeed. */
    void consul(String token, String... arguments) throws IOException, InterruptedException {
        Map<String, String> environment = new TreeMap<>(settings);
        environment.put("CONSUL_HTTP_ADDR", "http://127.0.0.1:" + port("MESH_CONSUL_HTTP_PORT"));
        environment.put("CONSUL_HTTP_TOKEN", secret("token-" + token));
        List<String> command = new ArrayList<>(List.of(consul));
        command.addAll(Arrays.asList(arguments));
        Outcome outcome = execute(command, environment, runDirectory, SCRIPT_SECONDS);
        if (outcome.exitCode() != 0) {
            throw new IllegalStateException(command + " ended with " + outcome.exitCode() + ": " + outcome.output());
        }
    }

    /** Ends everything by {@code consul/down}, and by force what that has left. */
    @Override
    public void close() throws IOException {
        List<Long> pids = livingPids();
        try {
            must("down");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the mesh was taken down", interrupted);
        } finally {
            pids.stream().flatMap(pid -> ProcessHandle.of(pid).stream()).forEach(ProcessHandle::destroyForcibly);
        }
    }

    static Outcome execute(List<String> command, Map<String, String> environment, Path directory, long seconds)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "script", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MESH_") || name.startsWith("CONSUL_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " did not end within " + seconds + " s: " + read(output));
            }
            return new Outcome(process.exitValue(), read(output));
        } finally {
            process.destroy();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
