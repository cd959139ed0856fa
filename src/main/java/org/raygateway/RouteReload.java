package org.raygateway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up changed route files while the gateway runs. Camel removes a file's old routes before it knows whether the new ones
 * can start; where they cannot, what the file held before is put back, so that a mistake takes nothing down.
 */
final class RouteReload extends RouteWatcherReloadStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);
    private static final String FILES = "*.yaml";

    private final Map<URI, RouteFile> lastGood = new HashMap<>();

    /** @param routes the folder whose files are about to be loaded */
    RouteReload(Path routes) throws IOException {
        super(routes.toString());
        setPattern(FILES);
        setRemoveAllRoutes(false);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(routes, FILES)) {
            for (Path file : files) {
                keep(RouteFile.of(file, Files.readAllBytes(file)));
            }
        }
    }

    private void keep(RouteFile good) {
        lastGood.put(good.getURI(), good);
    }

    @Override
    protected synchronized void onRouteReload(Collection<Resource> changed, boolean removeAll) {
        // Read once: what is kept as good is what was loaded, even where the file changes meanwhile.
        List<RouteFile> read = changed.stream().map(RouteFile::read).toList();
        try {
            super.onRouteReload(List.copyOf(read), removeAll);
            read.forEach(this::keep);
        } catch (RuntimeException broken) {
            putBack(read, removeAll, broken);
            throw broken;
        }
    }

    private void putBack(List<RouteFile> refused, boolean removeAll, RuntimeException broken) {
        // Camel would load a refused file again with each that changes later, and refuse them all, until it could be
        // loaded.
        List<Resource> before = refused.stream()
                .<Resource>map(file -> lastGood.getOrDefault(file.getURI(), file.withoutRoutes()))
                .toList();
        try {
            super.onRouteReload(before, removeAll);
            LOG.warn("What {} held before goes on", refused);
        } catch (RuntimeException failure) {
            broken.addSuppressed(failure);
            LOG.error("What {} held before could not be put back", refused, failure);
        }
    }
}
