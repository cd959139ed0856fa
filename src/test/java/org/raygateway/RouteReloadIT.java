package org.raygateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes are changed while the gateway runs. */
class RouteReloadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A second is promised; the machine of a test may be busy. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    static Path home;

    private static GatewayFixture gateway;

    @BeforeAll
    static void start() throws IOException {
        copy("routes");
        copy("computations");
        System.setProperty("gateway.home", home.toString());
        gateway = GatewayFixture.start(
                home.resolve("data"), "gateway.ray.mode", "cluster", "gateway.driver.address", "127.0.0.1:1");
    }

    @AfterAll
    static void stop() {
        System.clearProperty("gateway.home");
        gateway.close();
    }

    private static void copy(String folder) throws IOException {
        Files.createDirectories(home.resolve(folder));
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            files.forEach(file -> {
                try {
                    Files.copy(file, home.resolve(folder).resolve(file.getFileName()));
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        }
    }

    @Test
    void takesUpChangedRoute() throws IOException {
        write("list-computations", "        - setBody:\n            constant: changed\n");

        awaitAnswer("/computations", "changed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "        - : this is [no YAML\n",
                "        - nothingOfThatName:\n            ref: x\n",
                "        - bean:\n            ref: catalogueLookups\n            mehtod: get\n",
                "        - to:\n            uri: nosuchcomponent:x\n",
                "        - bean:\n            ref: nosuchbean\n",
                "        - to:\n            uri: direct:x?nosuchoption=1\n"
            })
    void keepsOldRouteWhereNewOneIsBroken(String broken) throws IOException {
        String known = gateway.http().get("/computations/monte_carlo").body();
        try (LogCapture log = LogCapture.start()) {
            write("get-computation", broken);
            await().atMost(PATIENCE).until(() -> log.messages().stream()
                    .anyMatch(message ->
                            message.startsWith("Error reloading routes") && message.contains("get-computation")));
        }
        assertThat(gateway.http().get("/computations/monte_carlo").body()).isEqualTo(known);

        write("get-computation", "        - setBody:\n            constant: repaired\n");
        awaitAnswer("/computations/monte_carlo", "repaired");
        write("get-computation", "");
        awaitAnswer("/computations/monte_carlo", known);
    }

    @Test
    void takesUpOthersBesideNewFileThatIsBroken() throws IOException {
        Path broken = home.resolve("routes").resolve("new.yaml");
        try (LogCapture log = LogCapture.start()) {
            Files.writeString(
                    broken, "- route:\n    id: new\n    from:\n      uri: nosuchcomponent:x\n      steps: []\n");
            await().atMost(PATIENCE).until(() -> log.messages().stream()
                    .anyMatch(message -> message.startsWith("Error reloading routes") && message.contains("new.yaml")));
        }
        write("list-jobs", "        - setBody:\n            constant: listed\n");
        awaitAnswer("/jobs", "listed");
        Files.delete(broken);
    }

    @Test
    void removesRouteWithItsFileAndTakesItUpAgain() throws IOException {
        place("extra.yaml", extra("extra", "/extra", "here"));
        awaitAnswer("/extra", "here");

        Files.delete(routes("extra.yaml"));
        awaitGone("/extra");

        place("extra.yaml", extra("extra", "/extra", "again"));
        awaitAnswer("/extra", "again");
        Files.delete(routes("extra.yaml"));
        awaitGone("/extra");
    }

    @Test
    void removesRouteThatWasThereAtTheStart() throws IOException {
        String known = gateway.http().get("/openapi.yaml").body();
        Path file = routes("get-openapi.yaml");
        byte[] content = Files.readAllBytes(file);

        deleteAndAwait("get-openapi");
        assertThat(gateway.http().get("/openapi.yaml").statusCode()).isEqualTo(500);

        Files.write(file, content);
        awaitAnswer("/openapi.yaml", known);
    }

    @Test
    void keepsRouteOfRenamedFile() throws IOException {
        place("before.yaml", extra("renamed", "/renamed", "kept"));
        awaitAnswer("/renamed", "kept");

        Files.move(routes("before.yaml"), routes("after.yaml"), StandardCopyOption.ATOMIC_MOVE);
        place("marker.yaml", extra("marker", "/marker", "after the move"));
        awaitAnswer("/marker", "after the move");
        awaitAnswer("/renamed", "kept");

        Files.delete(routes("after.yaml"));
        Files.delete(routes("marker.yaml"));
        awaitGone("/renamed");
        awaitGone("/marker");
    }

    @Test
    void removesRouteThatIsNoLongerInItsFile() throws IOException {
        place("two.yaml", extra("first", "/first", "1") + extra("second", "/second", "2"));
        awaitAnswer("/first", "1");
        awaitAnswer("/second", "2");

        place("two.yaml", extra("second", "/second", "3"));
        awaitAnswer("/second", "3");
        awaitGone("/first");

        Files.delete(routes("two.yaml"));
        awaitGone("/second");
    }

    @Test
    void refusesIdThatAnotherFileHolds() throws IOException {
        place("holder.yaml", extra("held", "/held", "mine"));
        awaitAnswer("/held", "mine");
        try (LogCapture log = LogCapture.start()) {
            place("thief.yaml", extra("held", "/stolen", "theirs"));
            await().atMost(PATIENCE).until(() -> log.messages().stream()
                    .anyMatch(message -> message.contains("each id must be in one file only")
                            && message.contains("[held]")
                            && message.contains("holder.yaml")));
        }
        assertThat(gateway.http().get("/held").body()).isEqualTo("mine");
        assertThat(gateway.http().get("/stolen").statusCode()).isEqualTo(404);

        Files.delete(routes("thief.yaml"));
        place("marker.yaml", extra("marker", "/marker", "x"));
        awaitAnswer("/marker", "x");
        assertThat(gateway.http().get("/held").body()).isEqualTo("mine");
        Files.delete(routes("holder.yaml"));
        Files.delete(routes("marker.yaml"));
        awaitGone("/held");
        awaitGone("/marker");
    }

    @Test
    void callersOfDeletedRouteGetItsSuccessor() throws IOException {
        place("caller.yaml", route("caller", "platform-http:/caller", "        - to: direct:callee\n"));
        place("callee.yaml", route("callee", "direct:callee", "        - setBody:\n            constant: one\n"));
        awaitAnswer("/caller", "one");

        deleteAndAwait("callee");
        place("callee.yaml", route("callee", "direct:callee", "        - setBody:\n            constant: two\n"));
        awaitAnswer("/caller", "two");

        Files.delete(routes("caller.yaml"));
        Files.delete(routes("callee.yaml"));
        awaitGone("/caller");
    }

    private static void deleteAndAwait(String route) throws IOException {
        try (LogCapture log = LogCapture.start()) {
            Files.delete(routes(route + ".yaml"));
            await().atMost(SOON).until(() -> log.messages().stream()
                    .anyMatch(message -> message.equals("Route " + route + " went with its file and is removed")));
        }
    }

    private static Path routes(String file) {
        return home.resolve("routes").resolve(file);
    }

    private static String extra(String id, String path, String body) {
        return route(id, "platform-http:" + path, "        - setBody:\n            constant: \"" + body + "\"\n");
    }

    private static String route(String id, String from, String steps) {
        return "- route:\n    id: " + id + "\n    from:\n      uri: " + from + "\n      steps:\n" + steps;
    }

    /** Whole at once, as an editor does. */
    private static void place(String file, String content) throws IOException {
        Path whole = home.resolve(file);
        Files.writeString(whole, content);
        Files.move(whole, routes(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void awaitGone(String path) {
        await().atMost(SOON).until(() -> gateway.http().get(path).statusCode() == 404);
    }

    private static void awaitAnswer(String path, String body) {
        await().atMost(PATIENCE).until(() -> gateway.http().get(path).body().equals(body));
    }

    /** Puts the route as it was, with one more step, in place of the one there. */
    private static void write(String route, String step) throws IOException {
        String file = route + ".yaml";
        Path whole = home.resolve(file);
        Files.writeString(whole, Files.readString(Path.of("routes", file)) + step);
        Files.move(whole, home.resolve("routes").resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }
}
