package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Sasl;
import org.apache.qpid.proton.engine.Sasl.SaslOutcome;
import org.apache.qpid.proton.engine.Sender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may come in by which SASL mechanism, and what becomes of those who may not. */
class EmbeddedServiceBusLoginIT {

    private static final String KEY_NAME = "test-key";
    private static final String KEY = "dGVzdA==";

    @TempDir
    Path directory;

    private EmbeddedServiceBus broker;

    @BeforeEach
    void start() {
        EmbeddedServiceBusLimits limits = new EmbeddedServiceBusLimits(
                64 << 10, 8, 32, 20, 1 << 20, 1_000, Duration.ofSeconds(2), Duration.ofSeconds(20));
        broker = EmbeddedServiceBus.start(TestEntities.settings(directory).withLimits(limits));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private RawAmqpClient plain(String name, String key) throws IOException {
        return new RawAmqpClient(broker.port(), sasl -> sasl.plain(name, key));
    }

    private static void assertTurnedAway(RawAmqpClient client) throws IOException {
        client.until(client::isClosedByPeer);
        assertThat(client.sasl.getOutcome()).isEqualTo(SaslOutcome.PN_SASL_AUTH);
        assertThat(client.connection.getRemoteState()).isEqualTo(EndpointState.UNINITIALIZED);
    }

    @Test
    void aKeyNeedsNoToken() throws IOException {
        try (RawAmqpClient client = plain(KEY_NAME, KEY)) {
            Sender sender = client.sender(TestEntities.PLAIN);
            client.until(() -> sender.getCredit() > 0);

            assertThat(client.sasl.getOutcome()).isEqualTo(SaslOutcome.PN_SASL_OK);
            assertThat(sender.getRemoteState()).isEqualTo(EndpointState.ACTIVE);
        }
    }

    @Test
    void aConnectionWithAKeyOutlivesOneThatNeverShowsAToken() throws IOException {
        try (RawAmqpClient client = plain(KEY_NAME, KEY);
                RawAmqpClient stranger = new RawAmqpClient(broker.port())) {
            client.until(() -> client.connection.getRemoteState() == EndpointState.ACTIVE);
            stranger.until(() -> stranger.connection.getRemoteState() == EndpointState.CLOSED);

            Sender sender = client.sender(TestEntities.PLAIN);
            client.until(() -> sender.getCredit() > 0);
            assertThat(client.isClosedByPeer()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "d3Jvbmc=", "dGVzdA=", "dGVzdA==\0", "dGVzdA==x"})
    void aWrongKeyEndsTheConnection(String key) throws IOException {
        try (RawAmqpClient client = plain(KEY_NAME, key)) {
            assertTurnedAway(client);
        }
    }

    @Test
    void aWrongNameEndsTheConnection() throws IOException {
        try (RawAmqpClient client = plain("another", KEY)) {
            assertTurnedAway(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EXTERNAL", "CRAM-MD5", "plain"})
    void otherMechanismsEndTheConnection(String mechanism) throws IOException {
        try (RawAmqpClient client = new RawAmqpClient(broker.port(), sasl -> sasl.setMechanisms(mechanism))) {
            assertTurnedAway(client);
        }
    }

    @Test
    void aKeyThatComesWithoutANameOrAtAllEndsTheConnection() throws IOException {
        for (String response : Set.of("", KEY, "\0" + KEY, "someone\0" + KEY_NAME + "\0" + KEY)) {
            byte[] bytes = response.getBytes(StandardCharsets.UTF_8);
            try (RawAmqpClient client = new RawAmqpClient(broker.port(), sasl -> {
                sasl.setMechanisms("PLAIN");
                sasl.send(bytes, 0, bytes.length);
            })) {
                assertTurnedAway(client);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ANONYMOUS", "MSSBCBS"})
    void whoeverHasNoKeyNeedsAToken(String mechanism) throws IOException {
        try (RawAmqpClient client = new RawAmqpClient(broker.port(), sasl -> sasl.setMechanisms(mechanism))) {
            Sender refused = client.sender(TestEntities.PLAIN);
            client.until(() -> refused.getRemoteState() == EndpointState.CLOSED);
            assertThat((Object) refused.getRemoteCondition().getCondition()).hasToString("amqp:unauthorized-access");

            assertThat(client.putToken(TestEntities.PLAIN, RawAmqpClient.token(TestEntities.PLAIN)))
                    .containsEntry("status-code", 202);
            Sender taken = client.sender(TestEntities.PLAIN);
            client.until(() -> taken.getCredit() > 0);
        }
    }

    @Test
    void aStrangerGetsFewLinks() throws IOException {
        try (RawAmqpClient client = new RawAmqpClient(broker.port(), (Sasl sasl) -> sasl.setMechanisms("ANONYMOUS"))) {
            for (int i = 0; i < 8; i++) {
                Sender cbs = client.sender("$cbs");
                client.until(() -> cbs.getCredit() > 0);
            }
            Sender refused = client.sender("$cbs");
            client.until(() -> refused.getRemoteState() == EndpointState.CLOSED);

            assertThat((Object) refused.getRemoteCondition().getCondition())
                    .hasToString("amqp:resource-limit-exceeded");
        }
    }
}
