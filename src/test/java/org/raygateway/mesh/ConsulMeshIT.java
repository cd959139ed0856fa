package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.GatewayFixture;

/** The gateway beside its sidecar, in the Consul of {@code consul/up}: ACLs deny what the gateway's token does not allow. */
@Timeout(180)
class ConsulMeshIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    private Mesh mesh;
    private GatewayFixture gateway;

    @BeforeEach
    @Timeout(2400)
    void bringUp() throws Exception {
        mesh = new Mesh(directory, Map.of());
        mesh.must("up", "agent", "api-gateway");
        gateway = GatewayFixture.start(
                directory.resolve("data"),
                "gateway.http.port",
                Integer.toString(mesh.port("MESH_GATEWAY_PORT")),
                "gateway.operations.port",
                Integer.toString(mesh.port("MESH_GATEWAY_OPERATIONS_PORT")),
                "gateway.admission.when-compute-down",
                "hold",
                "gateway.consul.enabled",
                "true",
                "gateway.consul.url",
                "http://127.0.0.1:" + mesh.port("MESH_CONSUL_HTTP_PORT"),
                "gateway.consul.token",
                mesh.secret("token-api-gateway"),
                "gateway.consul.heartbeat",
                "200ms",
                "gateway.consul.ttl",
                "3s");
    }

    @AfterEach
    void takeDown() throws IOException {
        if (gateway != null) {
            gateway.close();
        }
        if (mesh != null) {
            mesh.close();
        }
    }

    private JsonNode services() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + mesh.port("MESH_CONSUL_HTTP_PORT") + "/v1/agent/services"))
                .header("X-Consul-Token", mesh.secret("token-management"))
                .timeout(PATIENCE)
                .build();
        return new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body());
    }

    private boolean knows(String id) throws IOException, InterruptedException {
        return services().has(id);
    }

    private void awaitHealth(String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        gateway.operations().get("/observe/health").body())
                .contains(text));
    }

    @Test
    void comesAndGoesWithItsOwnTokenWhileTheSidecarAndItsServiceStay() throws Exception {
        String id = "api-gateway-" + mesh.port("MESH_GATEWAY_PORT");
        awaitHealth("registered as " + id);
        assertThat(knows(id)).isTrue();
        mesh.consul(
                "management",
                "kv",
                "put",
                "ray-gateway/settings",
                "{\"admission\": {\"when-compute-down\": \"reject\"}}");
        awaitHealth("admission.when-compute-down=reject");

        gateway.close();

        assertThat(knows(id)).isFalse();
        assertThat(services().at("/api-gateway/Service").asText()).isEqualTo("api-gateway");
        assertThat(services().at("/api-gateway-sidecar-proxy/Kind").asText()).isEqualTo("connect-proxy");
        assertThat(mesh.livingPids()).hasSize(2);
    }
}
