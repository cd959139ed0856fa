package org.raygateway.mesh;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.raygateway.FreePorts;

/**
 * Three Consul servers and a machine that joins them, each by {@code consul/up} with the settings and secrets that the README gives
 * it, and on a loopback address of its own.
 */
final class ThreeServers implements AutoCloseable {
    private static final int SERVERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Mesh> servers = new ArrayList<>();
    private final Mesh client;

    /** @param directory short, as sockets lie in it */
    ThreeServers(Path directory) throws IOException, InterruptedException {
        // What agents must know of each other without asking is the same on all.
        Map<String, String> shared = new TreeMap<>();
        shared.put("MESH_CONSUL_SERVER_PORT", Integer.toString(FreePorts.one()));
        shared.put("MESH_CONSUL_SERF_PORT", Integer.toString(FreePorts.one()));
        for (int number = 1; number <= SERVERS; number++) {
            shared.put("MESH_SERVER_" + number, address(number));
        }
        for (int number = 1; number <= SERVERS; number++) {
            Map<String, String> own = Map.of("MESH_SERVERS", "3", "MESH_NODE", "server-" + number);
            servers.add(machine(directory.resolve("server-" + number), address(number), shared, own));
        }
        Map<String, String> joins = Map.of("MESH_AGENT", "client", "MESH_NODE", "client");
        client = machine(directory.resolve("client"), address(SERVERS + 1), shared, joins);
    }

    private static String address(int number) {
        return "127.0.0." + (number + 1);
    }

    private static Mesh machine(Path folder, String address, Map<String, String> shared, Map<String, String> own)
            throws IOException, InterruptedException {
        Map<String, String> settings = new TreeMap<>(shared);
        settings.putAll(own);
        settings.put("MESH_BIND", address);
        return new Mesh(Files.createDirectories(folder), settings);
    }

    void up() throws IOException, InterruptedException {
        Mesh first = servers.get(0);
        first.must("make-secrets", first.consul());
        for (Mesh other : servers.subList(1, SERVERS)) {
            carry(other, "ca.pem", "gossip.key", "server.pem", "server-key.pem", "token-management", "token-agent");
            carry(other, "token-api-gateway", "token-ray-head", "token-ray-gcs", "token-ray-node");
        }
        for (Mesh server : servers) {
            server.must("up", "agent");
        }
        first.writeConfig();
        carry(client, "ca.pem", "gossip.key", "token-agent", "token-api-gateway", "token-ray-head");
        client.must("up", "agent");
        client.must("up", "api-gateway", "ray-head");
    }

    private void carry(Mesh to, String... secrets) throws IOException {
        Files.createDirectories(to.file("secrets"));
        for (String secret : secrets) {
            Files.copy(servers.get(0).file("secrets/" + secret), to.file("secrets/" + secret));
        }
    }

    /** The machine of the gateway and the driver. */
    Mesh client() {
        return client;
    }

    List<Mesh> living() throws IOException {
        List<Mesh> living = new ArrayList<>();
        for (Mesh server : servers) {
            if (!server.livingPids().isEmpty()) {
                living.add(server);
            }
        }
        return living;
    }

    /** Waits until all living servers name the same leader, and that one is alive. */
    Mesh leader() {
        return await().atMost(PATIENCE)
                .until(this::agreedLeader, Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Mesh> agreedLeader() throws IOException, InterruptedException {
        List<Mesh> living = living();
        List<String> named = new ArrayList<>();
        for (Mesh server : living) {
            named.add(leaderBy(server));
        }
        return living.stream()
                .filter(server -> named.stream().allMatch(('"' + rpcAddress(server) + '"')::equals))
                .findFirst();
    }

    private static String rpcAddress(Mesh server) {
        return server.settings().get("MESH_BIND") + ":" + server.port("MESH_CONSUL_SERVER_PORT");
    }

    private String leaderBy(Mesh server) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + server.port("MESH_CONSUL_HTTP_PORT") + "/v1/status/leader");
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(5)).build();
        return http.send(request, BodyHandlers.ofString()).body();
    }

    /** Ends a server at once, as a machine that loses its power does. */
    void kill(Mesh server) throws IOException {
        List<Long> pids = server.livingPids();
        pids.stream().flatMap(pid -> ProcessHandle.of(pid).stream()).forEach(ProcessHandle::destroyForcibly);
        await().atMost(PATIENCE).until(() -> pids.stream().noneMatch(Mesh::lives));
    }

    @Override
    public void close() throws IOException {
        List<AutoCloseable> all = new ArrayList<>(List.of(client));
        all.addAll(servers);
        Closing.all("the three servers and their client", all);
    }
}
