package org.raygateway.mesh;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fetches Consul and Envoy where they are missing, which takes its time, ahead of a class's tests and their deadlines. */
final class MeshPrograms implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext tests) throws Exception {
        Mesh.consulOrSkip(Path.of("target"));
    }
}
