package org.raygateway.ray.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceBusSettingsTest {
    private static final String CONNECTION_STRING = "RAYGATEWAY_SERVICEBUS_CONNECTION_STRING";
    private static final String NAMESPACE = "RAYGATEWAY_SERVICEBUS_NAMESPACE";

    @Test
    void takesEitherWayInFromTheEnvironment() {
        ServiceBusSettings byKey = ServiceBusSettings.fromEnvironment(Map.of(CONNECTION_STRING, "Endpoint=x"));
        assertThat(byKey.connectionString()).isEqualTo("Endpoint=x");
        assertThat(byKey.topic()).isEqualTo("job-status");

        ServiceBusSettings byIdentity = ServiceBusSettings.fromEnvironment(
                Map.of(NAMESPACE, "a.servicebus.windows.net", "RAYGATEWAY_STATUS_TOPIC", "other"));
        assertThat(byIdentity.namespace()).isEqualTo("a.servicebus.windows.net");
        assertThat(byIdentity.topic()).isEqualTo("other");
    }

    @Test
    void namesTheVariablesThatAreMissingOrTooMany() {
        assertThatThrownBy(() -> ServiceBusSettings.fromEnvironment(Map.of()))
                .hasMessageContaining(CONNECTION_STRING)
                .hasMessageContaining(NAMESPACE);
        assertThatThrownBy(() -> ServiceBusSettings.fromEnvironment(
                        Map.of(CONNECTION_STRING, "SharedAccessKey=secret", NAMESPACE, "b")))
                .hasMessageNotContaining("secret");
    }
}
