package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.raygateway.settings.SettingsException;

/** What a gateway refuses to start with. */
class StartIT {
    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void refusesAddressThatOthersCanReachWithoutAuthentication(String host) {
        assertRefused("`gateway.http.host`", "gateway.http.host", host);
    }

    @Test
    void refusesMisspeltPropertyAndSuggestsTheRightOne() {
        assertRefused("did you mean `gateway.http.port`?", "gateway.http.prot", "8000");
    }

    @Test
    void listsAllThatIsWrongTogether() {
        assertThatThrownBy(() -> GatewayFixture.start(
                        data, "gateway.driver.timeout", "0s", "gateway.ray.mode", "moon", "gateway.http.port", "x"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll("gateway.driver.timeout", "gateway.ray.mode", "gateway.http.port");
    }

    private void assertRefused(String reason, String... settings) {
        assertThatThrownBy(() -> GatewayFixture.start(data, settings))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(reason);
        assertThat(data.resolve("jobs.db")).doesNotExist();
    }

    @Test
    void refusesDataDirectoryOfRunningGateway() {
        try (FakeDriver driver = FakeDriver.start();
                GatewayFixture first = GatewayFixture.start(data, driver.properties())) {
            assertThatThrownBy(() -> GatewayFixture.start(data, driver.properties()))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("`gateway.data-dir`");
            first.submit(GatewayFixture.SHORT);
        }
    }

    @Test
    void startsAgainAfterAStartThatFailed() throws Exception {
        try (FakeDriver driver = FakeDriver.start()) {
            Path empty = Files.createDirectory(data.resolve("empty"));
            assertThatThrownBy(() -> GatewayFixture.start(
                            data,
                            driver.properties(
                                    "gateway.computations-dir", empty.toString(), "gateway.http.port", "70000")))
                    .isInstanceOf(SettingsException.class);

            try (GatewayFixture gateway = GatewayFixture.start(data, driver.properties())) {
                gateway.submit(GatewayFixture.SHORT);
            }
        }
    }

    @Test
    void keepsJobsOverARestart() {
        try (FakeDriver driver = FakeDriver.start()) {
            String job;
            try (GatewayFixture gateway = GatewayFixture.start(data, driver.properties())) {
                job = gateway.submit(GatewayFixture.SHORT);
                gateway.awaitStatus(job, "DISPATCHED");
                gateway.serviceBus().publish(Statuses.completed(job, 1, 1));
                gateway.awaitStatus(job, "COMPLETED");
            }
            try (GatewayFixture gateway = GatewayFixture.start(data, driver.properties())) {
                assertThat(gateway.statusOf(job)).isEqualTo("COMPLETED");
                assertThat(gateway.http().get("/jobs/" + job + "/result").statusCode())
                        .isEqualTo(200);
            }
        }
    }
}
