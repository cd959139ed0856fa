package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.FakeDriver;
import org.raygateway.GatewayFixture;
import org.raygateway.LogCapture;
import org.raygateway.TestHttp;

/** The gateway in a real Consul: its own entry, Ray's health, and live settings. */
@Timeout(120)
class ConsulIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private DevAgent agent;
    private GatewayFixture gateway;

    @BeforeEach
    @Timeout(2400)
    void startAgent() throws Exception {
        agent = DevAgent.start(directory);
        agent.registerRayHead();
    }

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        if (agent != null) {
            agent.close();
        }
    }

    private void start(String... more) {
        String[] consul = {
            "gateway.consul.enabled", "true",
            "gateway.consul.url", agent.url(),
            "gateway.consul.heartbeat", "200ms",
            "gateway.consul.ttl", "3s"
        };
        gateway = GatewayFixture.start(
                directory.resolve("data"),
                Stream.of(consul, more).flatMap(Stream::of).toArray(String[]::new));
    }

    private String id() {
        return "api-gateway-" + gateway.http().uri("/").getPort();
    }

    private void awaitPassing() {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(agent.passingGateways())
                .containsExactly(id()));
    }

    private int healthStatus() {
        return gateway.operations().get("/observe/health").statusCode();
    }

    private String health(String part) {
        for (JsonNode check :
                TestHttp.json(gateway.operations().get("/observe/health")).get("checks")) {
            if (check.get("name").asText().equals(part)) {
                return check.get("status").asText() + " "
                        + check.path("message").asText();
            }
        }
        throw new AssertionError("health shows no " + part);
    }

    private void awaitHealth(String part, String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(health(part)).contains(text));
    }

    @Test
    void showsAReadyGatewayAsPassingInConsulAndConsulInItsHealth() {
        start();

        awaitPassing();
        assertThat(healthStatus()).isEqualTo(200);
        assertThat(health("consul")).isEqualTo("UP registered as " + id());
        awaitHealth("ray-head", "UP 1 of 1 passing");
        assertThat(health("live-settings")).contains("admission.when-compute-down=reject", "log.level=info");
    }

    @Test
    void runsJobsWithoutConsulAndRegistersAgainOnceItIsBack() throws Exception {
        start();
        awaitPassing();

        agent.stop();
        awaitHealth("consul", "UP Consul cannot be reached");
        awaitHealth("ray-head", "UP unknown");
        assertThat(healthStatus()).isEqualTo(200);
        gateway.awaitStatus(gateway.submit(SHORT), "COMPLETED");

        agent.start();
        agent.registerRayHead();
        awaitPassing();
        awaitHealth("consul", "UP registered");
        agent.putSettings("{\"admission\": {\"when-compute-down\": \"hold\"}}");
        awaitHealth("live-settings", "admission.when-compute-down=hold");
    }

    @Test
    void startsWithoutConsulAndRegistersWhenItComes() throws Exception {
        agent.stop();
        start();
        gateway.awaitStatus(gateway.submit(SHORT), "COMPLETED");

        agent.start();
        agent.registerRayHead();

        awaitPassing();
    }

    @Test
    void switchesAdmissionWhileRayIsDownAndRefusesJunk() {
        try (FakeDriver driver = FakeDriver.start();
                LogCapture log = LogCapture.start()) {
            driver.answers(FakeDriver.FAILS);
            driver.isReady(false);
            start(driver.properties("gateway.breaker.failures", "1"));
            gateway.submit(SHORT);
            await().atMost(PATIENCE).until(() -> gateway.post(SHORT).statusCode() == 503);

            agent.putSettings("{\"admission\": {\"when-compute-down\": \"hold\"}}");
            awaitHealth("live-settings", "admission.when-compute-down=hold");
            assertThat(gateway.post(SHORT).statusCode()).isEqualTo(202);

            agent.putSettings("{\"admission\": {\"when-compute-down\": \"maybe\"}, \"http\": {\"port\": \"1\"}}");
            awaitHealth("live-settings", "is refused");
            assertThat(health("live-settings"))
                    .contains("admission.when-compute-down=hold", "got `maybe`", "`http` holds no live setting");
            assertThat(gateway.post(SHORT).statusCode()).isEqualTo(202);
            assertThat(log.messages()).anySatisfy(line -> assertThat(line)
                    .contains("ray-gateway/settings is refused", "hold", "stays in force", "got `maybe`"));

            agent.putSettings("{}");
            awaitHealth("live-settings", "UP {admission.when-compute-down=reject, log.level=info}");
            assertThat(gateway.post(SHORT).statusCode()).isEqualTo(503);
        }
    }

    @Test
    void saysThatRayIsCriticalInConsulAndStaysReadyForLookups() {
        start();
        awaitPassing();

        agent.setRayHead("fail");
        awaitHealth("ray-head", "UP critical in Consul: Ray GCS");
        assertThat(healthStatus()).isEqualTo(200);
        awaitPassing();

        agent.setRayHead("pass");
        awaitHealth("ray-head", "UP 1 of 1 passing");
    }

    @Test
    void leavesConsulWhenItStops() {
        start();
        awaitPassing();

        gateway.close();

        assertThat(agent.get("/v1/agent/services").has(id())).isFalse();
    }

    @Test
    void stopsWithoutConsul() {
        start();
        awaitPassing();
        agent.stop();

        try (LogCapture log = LogCapture.start()) {
            gateway.close();

            assertThat(log.messages()).anyMatch(line -> line.startsWith("Consul could not be told that " + id()));
        }
    }

    @Test
    void touchesNoConsulUnlessEnabled() {
        start("gateway.consul.enabled", "false");

        assertThat(gateway.operations().get("/observe/health").body()).doesNotContain("live-settings");
        assertThat(healthStatus()).isEqualTo(200);
        gateway.awaitStatus(gateway.submit(SHORT), "COMPLETED");
        assertThat(agent.get("/v1/agent/services").has(id())).isFalse();
    }
}
