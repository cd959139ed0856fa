package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a page of another origin could send, to every path of both ports, and those that must go on working. */
class ForeignOriginIT {
    @TempDir
    static Path data;

    private static final FakeDriver DRIVER = FakeDriver.start();
    private static GatewayFixture gateway;
    private static String job;
    private static List<String> states;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(
                data, DRIVER.properties("gateway.http.allowed-hosts", "gw.example.org, Other.example"));
        job = gateway.submit(GatewayFixture.SHORT);
        states = states();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        DRIVER.close();
    }

    private static List<String> states() {
        List<String> states = new ArrayList<>();
        TestHttp.json(gateway.operations().get("/ops/routes"))
                .get("routes")
                .forEach(route -> states.add(
                        route.get("id").asText() + " is " + route.get("state").asText()));
        return states;
    }

    private record Target(boolean api, String method, String path) {
        TestHttp port() {
            return api ? gateway.http() : gateway.operations();
        }

        String authority() {
            URI uri = port().uri("/");
            return uri.getHost() + ":" + uri.getPort();
        }

        /** @param headers whole lines, each with its end */
        String send(String headers) {
            String body = path.equals("/jobs") && method.equals("POST") ? GatewayFixture.job(GatewayFixture.SHORT) : "";
            return port().raw(method + " " + path + " HTTP/1.1\r\n" + headers
                    + "Connection: close\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
        }
    }

    /** What the routers hold, so that a path added later is tried too, and what they do not. */
    private static List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        gateway.gateway().apiRouter().getRoutes().stream()
                .filter(route -> route.getPath() != null)
                .forEach(route -> route.methods()
                        .forEach(method -> targets.add(new Target(
                                true,
                                method.name(),
                                route.getPath().replace(":id", job).replace(":name", "monte_carlo")))));
        gateway.gateway().operationsRouter().getRoutes().forEach(route -> route.methods()
                .forEach(method -> targets.add(
                        new Target(false, method.name(), route.getPath().replace(":id", "purge-jobs")))));
        targets.add(new Target(true, "GET", "/nothing"));
        targets.add(new Target(false, "GET", "/nothing"));
        assertThat(targets).hasSizeGreaterThan(20);
        return targets;
    }

    static Stream<String> foreignHosts() {
        return Stream.of(
                "evil.example",
                "evil.example:%d",
                "localhost.evil.example",
                "127.0.0.1.evil.example:%d",
                "192.0.2.1",
                "[::2]",
                "evil-localhost",
                "0x7f000001",
                "2130706433",
                "127.1");
    }

    @ParameterizedTest
    @MethodSource("foreignHosts")
    void refusesForeignHostEverywhere(String host) {
        for (Target target : targets()) {
            String asked = host.formatted(target.port().uri("/").getPort());
            assertThat(target.send("Host: " + asked + "\r\n"))
                    .as(target + " for " + asked)
                    .startsWith("HTTP/1.1 421 ")
                    .contains("application/problem+json", "`gateway.http.allowed-hosts`");
        }
        assertNothingChanged();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: http://localhost:1",
                "Origin: https://%s",
                "Origin: http://%s.evil.example",
                "Origin: file://",
                "Origin: ",
                "Origin: http://%1$s\r\nOrigin: http://%1$s",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site",
                "Origin: http://%s\r\nSec-Fetch-Site: cross-site"
            })
    void refusesForeignPagesEverywhere(String header) {
        for (Target target : targets()) {
            String lines = "Host: " + target.authority() + "\r\n" + header.formatted(target.authority()) + "\r\n";
            assertThat(target.send(lines))
                    .as(target + " with " + lines)
                    .startsWith("HTTP/1.1 403 ")
                    .contains("application/problem+json");
        }
        assertNothingChanged();
    }

    private static void assertNothingChanged() {
        assertThat(TestHttp.json(gateway.http().get("/jobs")).get("jobs")).hasSize(1);
        assertThat(gateway.statusOf(job)).isNotEqualTo("CANCELLED");
        assertThat(gateway.operations().get("/ops/dispatch").body()).contains("false");
        assertThat(states()).isEqualTo(states);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost:%d",
                "Host: LOCALHOST",
                "Host: 127.0.0.1",
                "Host: [::1]:%d",
                "Host: [0:0:0:0:0:0:0:1]",
                "Host: localhost:9",
                "Host: gw.example.org",
                "Host: other.example:8443",
                "Host: localhost:%1$d\r\nOrigin: http://localhost:%1$d",
                "Host: localhost:9\r\nOrigin: http://localhost:9\r\nSec-Fetch-Site: same-origin",
                "Host: localhost\r\nOrigin: http://localhost:80",
                "Host: gw.example.org\r\nOrigin: https://gw.example.org\r\nSec-Fetch-Site: same-origin",
                "Host: localhost:%d\r\nSec-Fetch-Site: none"
            })
    void servesItsOwnNamesAndOrigins(String header) {
        Target health = new Target(false, "GET", "/observe/health/live");
        Target jobs = new Target(true, "GET", "/jobs");
        for (Target target : List.of(health, jobs)) {
            assertThat(target.send(header.formatted(target.port().uri("/").getPort()) + "\r\n"))
                    .as(target.toString())
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void targetsThatNameAnotherHostAreRefused() {
        for (String uri : List.of("http://evil.example/jobs", "https://evil.example/jobs", "evil.example:80", "foo")) {
            assertThat(gateway.http().raw("GET " + uri + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .as(uri)
                    .startsWith("HTTP/1.1 4")
                    .contains("application/problem+json")
                    .doesNotContain(job.toUpperCase(Locale.ROOT), job);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gw.example.org:443", "*", "http://gw.example.org", "a b", "gw/x"})
    void refusesToStartWithWhatIsNoName(String name, @TempDir Path other) {
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> GatewayFixture.start(other, DRIVER.properties("gateway.http.allowed-hosts", name)))
                .hasMessageContaining("`gateway.http.allowed-hosts`");
    }
}
