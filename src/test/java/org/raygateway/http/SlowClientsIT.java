package org.raygateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.EventReader;
import org.raygateway.FakeDriver;
import org.raygateway.GatewayFixture;
import org.raygateway.LogCapture;

/** Clients that begin and do not go on, by the thousand: others do not notice, and the slow ones are sent away. */
@Timeout(120)
class SlowClientsIT {
    private static final int MANY = 1_100;
    private static final String POST = "POST /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    @TempDir
    static Path data;

    private static final FakeDriver DRIVER = FakeDriver.start();
    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(
                data,
                DRIVER.properties(
                        "gateway.http.header-timeout", "2s",
                        "gateway.http.body-timeout", "2s",
                        "gateway.http.idle-timeout", "3s",
                        "gateway.http.response-timeout", "1s"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        DRIVER.close();
    }

    @Test
    void silentBodiesStopNobodysPosts() {
        try (Crowd crowd = Crowd.of(MANY, POST + "Content-Length: 65536\r\n\r\n{")) {
            for (int i = 0; i < 20; i++) {
                assertThat(gateway.post(SHORT).statusCode()).isEqualTo(202);
            }
            crowd.assertAllSentAway("HTTP/1.1 408 ");
        }
    }

    @Test
    void malformedChunksDelayNobodyAndFillNoLog() {
        try (LogCapture log = LogCapture.start();
                Crowd crowd = Crowd.of(MANY, POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n")) {
            long begun = System.nanoTime();
            assertThat(gateway.http().get("/computations").statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));

            crowd.assertAllSentAway("HTTP/1.1 400 ");
            assertThat(log.messages()).hasSizeLessThan(50).noneMatch(line -> line.contains("Request failed"));
        }
    }

    @Test
    void headsAndChunksThatDribbleHaveADeadline() throws IOException {
        for (String beginning :
                List.of("", "GET /jobs HTTP/1.1\r\nHost: local", POST + "Transfer-Encoding: chunked\r\n\r\n")) {
            try (Socket client = connect()) {
                client.setSoTimeout(10_000);
                client.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
                assertThat(dribbleUntilAnswered(client, beginning.endsWith("\r\n\r\n") ? "1\r\n \r\n" : "G"))
                        .startsWith("HTTP/1.1 408 ")
                        .contains("application/problem+json")
                        .containsAnyOf("`gateway.http.header-timeout`", "`gateway.http.body-timeout`");
            }
        }
    }

    private static String dribbleUntilAnswered(Socket client, String drop) {
        await().pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(10))
                .until(() -> {
                    if (client.getInputStream().available() == 0) {
                        client.getOutputStream().write(drop.getBytes(StandardCharsets.US_ASCII));
                    }
                    return client.getInputStream().available() > 0;
                });
        return readAll(client);
    }

    @Test
    void idleConnectionsEndButEventStreamsLiveOn() throws IOException {
        String job = gateway.submitDispatched(SHORT);
        try (Socket idle = connect();
                EventReader stream = gateway.follow(job)) {
            await().until(() -> stream.events().size() == 2);
            idle.getOutputStream()
                    .write("GET /computations HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            idle.setSoTimeout(10_000);
            assertThat(readAll(idle)).startsWith("HTTP/1.1 200");

            gateway.serviceBus().publish(org.raygateway.Statuses.completed(job, 1, 1));
            assertThat(stream.awaitEnd()).hasSize(3);
        }
    }

    @Test
    void answersThatNobodyReadsAreCutOff() throws IOException {
        String bulky = GatewayFixture.job("{\"iterations\": " + "1000" + "}");
        for (int i = 0; i < 200; i++) {
            assertThat(gateway.http().post("/jobs", bulky).statusCode()).isEqualTo(202);
        }
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4096);
            client.connect(address());
            client.setSoTimeout(20_000);
            String ask = "GET /jobs?limit=200 HTTP/1.1\r\nHost: localhost\r\n\r\n";
            client.getOutputStream().write(ask.repeat(400).getBytes(StandardCharsets.US_ASCII));
            // 400 pages are more than the buffers of both sides hold, so that the server has to keep some of them: for
            // a second.
            // An idle connection lives for three.
            try (Socket idle = connect()) {
                idle.setSoTimeout(20_000);
                assertThat(readAll(idle)).isEmpty();
            }
            assertThat(countAnswers(client)).isLessThan(400);
        }
    }

    private static int countAnswers(Socket client) {
        StringBuilder all = new StringBuilder();
        byte[] buffer = new byte[65536];
        try {
            for (int count = client.getInputStream().read(buffer);
                    count >= 0;
                    count = client.getInputStream().read(buffer)) {
                all.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException kept) {
            return Integer.MAX_VALUE;
        } catch (IOException reset) {
            // cut off
        }
        return all.toString().split("HTTP/1.1 200", -1).length - 1;
    }

    @Test
    void oneAddressHasOnlySoManyConnections(@TempDir Path own) throws IOException {
        try (GatewayFixture narrow =
                GatewayFixture.start(own, DRIVER.properties("gateway.http.max-connections-per-peer", "5"))) {
            URI uri = narrow.http().uri("/");
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                held.add(new Socket(uri.getHost(), uri.getPort()));
            }
            await().untilAsserted(() -> assertThat(narrow.http().raw("GET /jobs HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.1 429 ")
                    .contains("Retry-After: 1", "application/problem+json"));
            for (Socket socket : held) {
                socket.close();
            }
            await().untilAsserted(() ->
                    assertThat(narrow.http().raw("GET /jobs HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200"));
        }
    }

    private static InetSocketAddress address() {
        URI uri = gateway.http().uri("/");
        return new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    private static Socket connect() throws IOException {
        return new Socket(address().getAddress(), address().getPort());
    }

    private static String readAll(Socket client) {
        try {
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Many connections that have all sent the same and wait. */
    private record Crowd(List<Socket> clients) implements AutoCloseable {
        static Crowd of(int size, String beginning) {
            Crowd crowd = new Crowd(new ArrayList<>());
            try {
                for (int i = 0; i < size; i++) {
                    Socket client = connect();
                    crowd.clients.add(client);
                    client.setSoTimeout(20_000);
                    client.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
                }
                return crowd;
            } catch (IOException failure) {
                crowd.close();
                throw new UncheckedIOException(failure);
            }
        }

        void assertAllSentAway(String with) {
            assertThat(clients).allSatisfy(client -> assertThat(readAll(client)).startsWith(with));
        }

        @Override
        public void close() {
            for (Socket client : clients) {
                try {
                    client.close();
                } catch (IOException gone) {
                    // what is to be
                }
            }
        }
    }
}
