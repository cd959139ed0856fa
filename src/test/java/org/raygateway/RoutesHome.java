package org.raygateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** A gateway's home of its own, whose routes a test may change. As long as it is open, gateways of this JVM start in it. */
final class RoutesHome implements AutoCloseable {
    private final Path home;

    private RoutesHome(Path home) {
        this.home = home;
    }

    /** @param change gives what a route file becomes, from its name and its content */
    static RoutesHome in(Path folder, BiFunction<String, String, String> change) throws IOException {
        copy("routes", folder, change);
        copy("computations", folder, (name, content) -> content);
        System.setProperty("gateway.home", folder.toString());
        return new RoutesHome(folder);
    }

    private static void copy(String from, Path to, BiFunction<String, String, String> change) throws IOException {
        Files.createDirectories(to.resolve(from));
        try (Stream<Path> files = Files.list(Path.of(from))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                Files.writeString(to.resolve(from).resolve(name), change.apply(name, Files.readString(file)));
            }
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    Path data() {
        return home.resolve("data");
    }

    Path route(String name) {
        return home.resolve("routes").resolve(name + ".yaml");
    }

    @Override
    public void close() {
        System.clearProperty("gateway.home");
    }
}
