package org.raygateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.raygateway.FakeDriver;
import org.raygateway.GatewayFixture;
import org.raygateway.LogCapture;
import org.raygateway.TestHttp;

/** Requests that are not what HTTP asks for, on both ports: a problem each, and the connection ends. */
class MalformedRequestIT {
    private static final String HOST = "Host: localhost\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";

    @TempDir
    static Path data;

    private static final FakeDriver DRIVER = FakeDriver.start();
    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(data, DRIVER.properties());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        DRIVER.close();
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of(400, "two hosts", "GET /jobs HTTP/1.1\r\n" + HOST + HOST + "\r\n"),
                Arguments.of(400, "two different hosts", "GET /jobs HTTP/1.1\r\n" + HOST + "Host: 127.0.0.1\r\n\r\n"),
                Arguments.of(400, "no host", "GET /jobs HTTP/1.1\r\n\r\n"),
                Arguments.of(400, "empty host", "GET /jobs HTTP/1.1\r\nHost: \r\n\r\n"),
                Arguments.of(400, "two hosts in one", "GET /jobs HTTP/1.1\r\nHost: localhost, evil\r\n\r\n"),
                Arguments.of(400, "host with user", "GET /jobs HTTP/1.1\r\nHost: evil@localhost\r\n\r\n"),
                Arguments.of(400, "host with junk port", "GET /jobs HTTP/1.1\r\nHost: localhost:80x\r\n\r\n"),
                Arguments.of(
                        400,
                        "unknown coding with length",
                        "POST /jobs HTTP/1.1\r\n" + HOST + JSON
                                + "Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}"),
                Arguments.of(
                        400,
                        "chunked with length",
                        "POST /jobs HTTP/1.1\r\n" + HOST + JSON
                                + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
                Arguments.of(
                        400,
                        "two codings",
                        "POST /jobs HTTP/1.1\r\n" + HOST + JSON
                                + "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
                Arguments.of(
                        400,
                        "chunked twice",
                        "POST /jobs HTTP/1.1\r\n" + HOST + JSON
                                + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
                Arguments.of(
                        400,
                        "two lengths",
                        "POST /jobs HTTP/1.1\r\n" + HOST + JSON + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
                Arguments.of(
                        400, "junk length", "POST /jobs HTTP/1.1\r\n" + HOST + JSON + "Content-Length: +2\r\n\r\n{}"),
                Arguments.of(400, "junk", "junk\r\n\r\n"),
                Arguments.of(400, "junk header", "GET /jobs HTTP/1.1\r\n" + HOST + "no colon\r\n\r\n"),
                Arguments.of(414, "long line", "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of(
                        431, "long headers", "GET /jobs HTTP/1.1\r\n" + HOST + "X: " + "x".repeat(20_000) + "\r\n\r\n"),
                Arguments.of(
                        417,
                        "unknown expectation",
                        "POST /jobs HTTP/1.1\r\n" + HOST + JSON + "Expect: miracles\r\nContent-Length: 2\r\n\r\n{}"),
                Arguments.of(501, "unknown version", "GET /jobs HTTP/3.7\r\n" + HOST + "\r\n"),
                Arguments.of(501, "another protocol", "GET /jobs XYZ/1.1\r\n" + HOST + "\r\n"));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("malformed")
    void answersWithAProblem(int status, String what, String request) {
        for (TestHttp port : List.of(gateway.http(), gateway.operations())) {
            String answer = port.raw(request);

            assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("application/problem+json");
            assertThat(TestHttp.json(answer.substring(answer.indexOf("\r\n\r\n")))
                            .get("status")
                            .asInt())
                    .isEqualTo(status);
        }
    }

    @Test
    void takesWhatIsUnusualButRight() {
        String body = GatewayFixture.job(GatewayFixture.SHORT);
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        String end = "Connection: close\r\n";
        assertThat(gateway.http()
                        .raw("POST /jobs HTTP/1.1\r\n" + HOST + JSON + end + "Transfer-Encoding: Chunked\r\n\r\n"
                                + chunk))
                .startsWith("HTTP/1.1 202");
        assertThat(gateway.http()
                        .raw("POST /jobs HTTP/1.1\r\n" + HOST + JSON + end + "Expect: 100-Continue\r\nContent-Length: "
                                + body.length() + "\r\n\r\n" + body))
                .startsWith("HTTP/1.1 100")
                .contains("HTTP/1.1 202");
        assertThat(gateway.http().raw("GET /jobs HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200");
        assertThat(gateway.http().raw("GET http://localhost/jobs HTTP/1.1\r\n" + HOST + end + "\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void logsManyOfThemInOneQuietLine() {
        try (LogCapture log = LogCapture.start()) {
            for (int i = 0; i < 200; i++) {
                gateway.http()
                        .raw("POST /jobs HTTP/1.1\r\n" + HOST + JSON + "Transfer-Encoding: chunked\r\n\r\nzz\r\n");
            }
            assertThat(log.messages()).hasSizeLessThan(20).noneMatch(line -> line.contains("Request failed"));
        }
    }
}
