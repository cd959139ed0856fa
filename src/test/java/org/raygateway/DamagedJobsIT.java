package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose jobs.db is overwritten while it runs. */
class DamagedJobsIT {
    private static final int PAGE = 4_096;
    private static final int POSTS = 500;
    private static final String ADVICE = " is (damaged|not an SQLite database)\\..*[Ss]top the gateway and restore";

    @TempDir
    Path directory;

    @Test
    void refusesPostsAndTellsOperatorsWhichFileAndWhatToDo() throws Exception {
        Path data = directory.resolve("data");
        int operations = freePort();
        try (FakeDriver driver = FakeDriver.start();
                GatewayProcess gateway = GatewayProcess.start(
                        data,
                        Map.of(),
                        List.of(),
                        driver.properties("gateway.operations.port", Integer.toString(operations)))) {
            HttpResponse<String> job = null;
            for (int i = 0; i < POSTS; i++) {
                job = gateway.http().post("/jobs", GatewayFixture.job(GatewayFixture.SHORT));
                assertThat(job.statusCode()).isEqualTo(202);
            }
            overwrite(data.resolve("jobs.db"), PAGE);
            overwrite(data.resolve("jobs.db-wal"), 32);

            String path = job.headers().firstValue("Location").orElseThrow();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> gateway.http().get(path).statusCode() == 503);
            for (int i = 0; i < POSTS; i++) {
                HttpResponse<String> refused = gateway.http().post("/jobs", GatewayFixture.job(GatewayFixture.SHORT));
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
                assertThat(refused.body()).doesNotContain("jobs.db");
                assertThat(gateway.http().get(path).statusCode()).isEqualTo(503);
            }

            HttpResponse<String> health =
                    new TestHttp(URI.create("http://127.0.0.1:" + operations)).get("/observe/health");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body().replace("\\", "")).containsPattern(data.resolve("jobs.db") + ADVICE);
            List<String> log = GatewayProcess.log(data).lines().toList();
            assertThat(log)
                    .anySatisfy(line -> assertThat(line).contains("ERROR").containsPattern("jobs.db" + ADVICE));
            assertThat(log).as(String.join("\n", log)).hasSizeLessThan(40);
        }
    }

    private static void overwrite(Path file, int from) throws IOException {
        byte[] garbage = new byte[PAGE];
        Arrays.fill(garbage, (byte) 0x5a);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (long at = from; at + PAGE <= Files.size(file); at += PAGE) {
                channel.write(ByteBuffer.wrap(garbage), at);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
