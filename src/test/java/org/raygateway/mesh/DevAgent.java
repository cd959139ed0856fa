package org.raygateway.mesh;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.raygateway.FreePorts;

/** A real Consul agent that forgets everything when it stops, on loopback ports of its own. */
final class DevAgent implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String consul;
    private final Path directory;
    private final int httpPort;
    private final List<String> flags;
    private Process process;

    private DevAgent(String consul, Path directory) {
        this.consul = consul;
        this.directory = directory;
        List<Integer> ports = FreePorts.find(3);
        this.httpPort = ports.get(0);
        this.flags = List.of(
                "-http-port=" + httpPort,
                "-server-port=" + ports.get(1),
                "-serf-lan-port=" + ports.get(2),
                "-serf-wan-port=-1",
                "-grpc-port=-1",
                "-grpc-tls-port=-1",
                "-dns-port=-1");
    }

    static DevAgent start(Path directory) throws IOException, InterruptedException {
        DevAgent agent = new DevAgent(Mesh.consulOrSkip(directory), directory);
        agent.start();
        return agent;
    }

    /** Returns when it has a leader: before that it takes no registration. */
    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(consul, "agent", "-dev", "-bind=127.0.0.1", "-node=test"));
        command.addAll(flags);
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("consul.log").toFile()))
                .start();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> get("/v1/health/service/consul?passing").size() == 1);
    }

    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    String url() {
        return "http://127.0.0.1:" + httpPort;
    }

    JsonNode get(String path) {
        return json(send("GET", path, ""));
    }

    /** Registers Ray's service with a check that this test sets. */
    void registerRayHead() {
        put(
                "/v1/agent/service/register",
                "{\"Name\": \"ray-head\", \"Port\": 9100, \"Check\": {\"CheckID\": \"gcs\", \"Name\": \"Ray GCS\","
                        + " \"TTL\": \"1h\", \"Status\": \"passing\"}}");
    }

    void setRayHead(String verb) {
        put("/v1/agent/check/" + verb + "/gcs", "");
    }

    void putSettings(String value) {
        put("/v1/kv/ray-gateway/settings", value);
    }

    /** Ids of the gateways that Consul holds for healthy. */
    List<String> passingGateways() {
        List<String> ids = new ArrayList<>();
        get("/v1/health/service/api-gateway?passing")
                .forEach(instance -> ids.add(instance.at("/Service/ID").asText()));
        return ids;
    }

    private void put(String path, String body) {
        send("PUT", path, body);
    }

    private String send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(PATIENCE)
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = CLIENT.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError(path + " gave " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException unreachable) {
            throw new UncheckedIOException(unreachable);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException noJson) {
            throw new UncheckedIOException(noJson);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
