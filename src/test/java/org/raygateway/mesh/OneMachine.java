package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.raygateway.FreePorts;
import org.raygateway.TestHttp;
import org.raygateway.ray.cluster.RayPorts;

/** The cluster of {@code deploy/one-machine}, with ports and folders of a test's own. */
final class OneMachine {
    private static final Path SCRIPT = Path.of("deploy/one-machine").toAbsolutePath();
    private static final long UP_SECONDS = 300;
    private static final long SECONDS = 90;

    private final Path folder;
    private final Path cluster;
    private final Mesh mesh;
    private final Map<String, String> environment = new HashMap<>();

    /** @param folder short, as sockets lie in it */
    OneMachine(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.cluster = folder.resolve("c");
        Path ports = folder.resolve("ports.env");
        int gcs = RayPorts.write(ports);
        mesh = new Mesh(
                Files.createDirectories(cluster.resolve("mesh")), Map.of("MESH_GCS_PORT", Integer.toString(gcs)));
        environment.putAll(mesh.settings());
        environment.put("RAYGATEWAY_CLUSTER_DIR", cluster.toString());
        environment.put("RAYGATEWAY_RUN_DIR", rayFolder().toString());
        environment.put("RAYGATEWAY_PORTS", ports.toString());
        environment.put("RAYGATEWAY_RAY_TEMP", folder.resolve("t").toString());
        environment.put("RAY_GATEWAY_BUILD", "never");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("GATEWAY_DATA_DIR", folder.resolve("data").toString());
        environment.put("GATEWAY_SERVICEBUS_EMBEDDED_PORT", Integer.toString(FreePorts.one()));
        environment.put("GATEWAY_ADMISSION_WHEN_COMPUTE_DOWN", "hold");
        environment.put("GATEWAY_BREAKER_OPEN_TIME", "1s");
        environment.put("GATEWAY_BREAKER_PROBE_PERIOD", "200ms");
    }

    Mesh mesh() {
        return mesh;
    }

    private Path rayFolder() {
        return cluster.resolve("ray");
    }

    /** Runs the script, and ends it where it takes too long. */
    Mesh.Outcome run(String command) throws IOException, InterruptedException {
        return Mesh.execute(
                List.of(SCRIPT.toString(), command), environment, folder, command.equals("up") ? UP_SECONDS : SECONDS);
    }

    /** The sessions, one for each part, that the scripts have written down. */
    Set<Long> sessions() throws IOException {
        return Set.copyOf(parts().values());
    }

    /** The sessions by the names of their parts, such as {@code head}, {@code sidecar-ray-head} or {@code gateway}. */
    Map<String, Long> parts() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path place : List.of(cluster, rayFolder(), cluster.resolve("mesh/pids"))) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> found = Files.list(place)) {
                    found.filter(file -> file.toString().endsWith(".pid")).forEach(files::add);
                }
            }
        }
        return files.stream()
                .collect(Collectors.toMap(file -> file.getFileName().toString().replace(".pid", ""), OneMachine::pid));
    }

    /** A process of a part, by what its command line holds; the part's first for nothing. */
    long process(String part, String command) throws IOException {
        if (command.isEmpty()) {
            return parts().get(part);
        }
        return Sessions.processes(Set.of(parts().get(part))).stream()
                .filter(pid -> commandLine(pid).contains(command))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process of " + part + " is a " + command));
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
        } catch (IOException ended) {
            return "";
        }
    }

    /** A port of the file that Ray's nodes were given. */
    int rayPort(String name) throws IOException {
        return Files.readAllLines(Path.of(environment.get("RAYGATEWAY_PORTS"))).stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> Integer.parseInt(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private TestHttp gateway() {
        return new TestHttp(URI.create("http://127.0.0.1:" + mesh.port("MESH_GATEWAY_PORT")));
    }

    String submit(String type, String parameters) {
        HttpResponse<String> answer =
                gateway().post("/jobs", "{\"simulation_type\": \"" + type + "\", \"parameters\": " + parameters + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return TestHttp.json(answer).get("job_id").asText();
    }

    JsonNode find(String job) {
        return TestHttp.json(gateway().get("/jobs/" + job));
    }

    void awaitCompleted(String job, Duration patience) {
        await().atMost(patience)
                .until(() -> find(job).path("status").asText(), List.of("COMPLETED", "FAILED", "CANCELLED")::contains);
        assertThat(find(job).path("status").asText()).as(find(job).toString()).isEqualTo("COMPLETED");
    }

    private static long pid(Path file) {
        try {
            return Long.parseLong(Files.readString(file).split("\\s+")[0]);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    /** Takes everything down, and ends by force what that has left, so that no failed test leaves a process. */
    void close() throws IOException, InterruptedException {
        Set<Long> sessions = sessions();
        try {
            run("down");
        } finally {
            Sessions.processes(sessions).stream()
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }
}
