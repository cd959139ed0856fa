package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.messaging.servicebus.ServiceBusException;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.transaction.Coordinator;
import org.apache.qpid.proton.engine.EndpointState;
import org.apache.qpid.proton.engine.Sender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that misbehave are turned away; the broker and its other clients go on. */
class EmbeddedServiceBusFaultIT {

    private static final byte[] SASL_HEADER = {'A', 'M', 'Q', 'P', 3, 1, 0, 0};

    @TempDir
    Path directory;

    private EmbeddedServiceBus broker;

    @BeforeEach
    void start() {
        EmbeddedServiceBusLimits limits = new EmbeddedServiceBusLimits(
                64 << 10, 8, 4, 20, 1 << 20, 1_000, Duration.ofMillis(500), Duration.ofSeconds(2));
        broker = EmbeddedServiceBus.start(TestEntities.settings(directory).withLimits(limits));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void otherClientsGoOn() {
        try (Clients clients = new Clients(broker.connectionString())) {
            clients.sender(TestEntities.DEDUPLICATED).sendMessage(new ServiceBusMessage("fine"));
            assertThat(Clients.receiveOne(clients.receiver(TestEntities.DEDUPLICATED))
                            .getBody())
                    .hasToString("fine");
        }
        assertThat(broker.isHealthy()).isTrue();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", broker.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void readUntilClosed(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        try {
            in.readAllBytes();
        } catch (java.net.SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void hangsUpOnGarbage() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            byte[] garbage = new byte[1_000];
            random.nextBytes(garbage);
            try (Socket socket = connect()) {
                socket.getOutputStream().write(garbage);
                readUntilClosed(socket);
            }
        }
        otherClientsGoOn();
    }

    @Test
    void hangsUpOnGarbageInsideAFrame() throws IOException {
        byte[] frame = {0, 0, 0, 16, 2, 1, 0, 0, 0, 0x53, 0x41, (byte) 0xff, 1, 2, 3, 4};
        try (Socket socket = connect()) {
            socket.getOutputStream().write(SASL_HEADER);
            socket.getOutputStream().write(frame);
            readUntilClosed(socket);
        }
        otherClientsGoOn();
    }

    @Test
    void hangsUpOnAFrameNestedTooDeeply() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(64 << 10);
        bytes.put(SASL_HEADER);
        byte[] anonymous = "ANONYMOUS".getBytes(StandardCharsets.US_ASCII);
        bytes.putInt(16 + anonymous.length).putInt(0x02010000);
        bytes.put(new byte[] {0, 0x53, 0x41, (byte) 0xc0, (byte) (3 + anonymous.length), 1});
        bytes.put(new byte[] {(byte) 0xa3, (byte) anonymous.length}).put(anonymous);
        bytes.put(new byte[] {'A', 'M', 'Q', 'P', 0, 1, 0, 0});
        // Each zero opens a described type inside the one before.
        bytes.putInt(60_000).putInt(0x02000000);
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes.array(), 0, bytes.position());
            socket.getOutputStream().write(new byte[59_992]);
            readUntilClosed(socket);
        }
        otherClientsGoOn();
    }

    @Test
    void hangsUpOnAnOversizedFrame() throws IOException {
        byte[] frame = {0x7f, 0, 0, 0, 2, 1, 0, 0};
        try (Socket socket = connect()) {
            socket.getOutputStream().write(SASL_HEADER);
            socket.getOutputStream().write(frame);
            readUntilClosed(socket);
        }
        otherClientsGoOn();
    }

    @Test
    void hangsUpOnASilentClient() throws IOException {
        try (Socket socket = connect()) {
            readUntilClosed(socket);
        }
        otherClientsGoOn();
    }

    @Test
    void hangsUpOnAClientWithoutAToken() throws IOException {
        try (RawAmqpClient client = new RawAmqpClient(broker.port())) {
            client.until(() -> client.connection.getRemoteState() == EndpointState.CLOSED);

            assertThat(client.connection.getRemoteCondition().getCondition().toString())
                    .isEqualTo("amqp:unauthorized-access");
        }
    }

    @Test
    void refusesALinkWithoutAToken() throws IOException {
        try (RawAmqpClient client = new RawAmqpClient(broker.port())) {
            assertRefused(client, client.sender(TestEntities.PLAIN), "amqp:unauthorized-access");
        }
    }

    @Test
    void refusesTransactions() throws IOException {
        try (RawAmqpClient client = new RawAmqpClient(broker.port())) {
            assertRefused(client, client.sender("tx", new Coordinator()), "amqp:not-implemented");
        }
    }

    @Test
    void refusesMoreLinksThanItsBound() throws IOException {
        try (RawAmqpClient client = new RawAmqpClient(broker.port())) {
            for (int i = 0; i < 4; i++) {
                Target cbs = new Target();
                cbs.setAddress("$cbs");
                Sender allowed = client.sender("cbs-" + i, cbs);
                client.until(() -> allowed.getRemoteState() == EndpointState.ACTIVE);
            }
            assertRefused(client, client.sender("$cbs"), "amqp:resource-limit-exceeded");
        }
    }

    private static void assertRefused(RawAmqpClient client, Sender sender, String condition) throws IOException {
        client.until(() -> sender.getRemoteState() == EndpointState.CLOSED);
        assertThat(sender.getRemoteCondition().getCondition().toString()).isEqualTo(condition);
    }

    @Test
    void refusesMessagesWhenFullAndTakesThemAgainLater() {
        try (Clients clients = new Clients(broker.connectionString())) {
            ServiceBusSenderClient sender = clients.sender(TestEntities.PLAIN);
            for (int i = 0; i < 20; i++) {
                sender.sendMessage(new ServiceBusMessage("m" + i));
            }
            assertThatThrownBy(() -> sender.sendMessage(new ServiceBusMessage("too much")))
                    .isInstanceOf(ServiceBusException.class)
                    .hasStackTraceContaining("full");

            Clients.receiveOne(clients.deleting(TestEntities.PLAIN));
            sender.sendMessage(new ServiceBusMessage("fits again"));
        }
    }

    @Test
    void saysWhichPortIsTaken() {
        EmbeddedServiceBusSettings second =
                EmbeddedServiceBusSettings.of(broker.port(), directory.resolve("second.db"), "test-key", "dGVzdA==");

        assertThatThrownBy(() -> EmbeddedServiceBus.start(second))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Port " + broker.port())
                .hasMessageContaining("taken");
    }

    @Test
    void refusesADataFileThatAnotherBrokerHasOpen() {
        assertThatThrownBy(() -> EmbeddedServiceBus.start(TestEntities.settings(directory)))
                .hasMessageContaining("no other broker has open");
        otherClientsGoOn();
    }
}
