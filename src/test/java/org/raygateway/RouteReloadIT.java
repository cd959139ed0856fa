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
