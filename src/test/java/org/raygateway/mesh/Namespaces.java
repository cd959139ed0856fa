package org.raygateway.mesh;

import static org.raygateway.Requirement.require;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The network namespaces that stand for machines. */
final class Namespaces {
    private Namespaces() {}

    /** Skips the tests where namespaces cannot be made, but fails them on a build server. */
    static void requirePossible() {
        require(isRoot() && isOnPath("ip") && isOnPath("nft"), "two network namespaces take root, `ip` and `nft`");
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
