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
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Route;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.RouteWatcherReloadStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up changed, new and deleted route files while the gateway runs. Camel removes a file's old routes before it knows whether
 * the new ones can start; where they cannot, what the file held before is put back, so that a mistake takes nothing down. Camel
 * itself leaves routes running whose file, or whose place in it, is gone.
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
        for (Resource file : changed) {
            if (isThere(file.getURI())) {
                // Read once: what is kept as good is what was loaded, even where the file changes meanwhile.
                load(RouteFile.read(file), removeAll);
            } else {
                forget(file.getURI());
            }
        }
    }

    private static boolean isThere(URI file) {
        return Files.exists(Path.of(file));
    }

    private void load(RouteFile file, boolean removeAll) {
        refuseIdsOfOthers(file);
        try {
            super.onRouteReload(List.of(file), removeAll);
            keep(file);
        } catch (RuntimeException broken) {
            putBack(file, removeAll, broken);
            // The watcher reads the message, and ends for good where there is none.
            throw broken.getMessage() == null ? new IllegalStateException(broken.toString(), broken) : broken;
        }
        remove(leftBehind(file), "is no longer in its file");
    }

    /** Camel would take another file's route away for one of the same id. */
    private void refuseIdsOfOthers(RouteFile file) {
        Set<String> ids = file.ids();
        for (RouteFile other : lastGood.values()) {
            if (!other.getURI().equals(file.getURI()) && isThere(other.getURI())) {
                Set<String> shared = new TreeSet<>(other.ids());
                shared.retainAll(ids);
                if (!shared.isEmpty()) {
                    throw new IllegalStateException("each id must be in one file only, but " + shared + " is in "
                            + other + " too; rename it in one of them and save this file again");
                }
            }
        }
    }

    private void putBack(RouteFile refused, boolean removeAll, RuntimeException broken) {
        // Camel would load a refused file again with each that changes later, and refuse them all, until it could be
        // loaded.
        RouteFile before = lastGood.getOrDefault(refused.getURI(), refused.withoutRoutes());
        try {
            super.onRouteReload(List.of(before), removeAll);
            LOG.warn("What {} held before goes on", refused);
        } catch (RuntimeException failure) {
            broken.addSuppressed(failure);
            LOG.error("What {} held before could not be put back", refused, failure);
        }
    }

    private void forget(URI file) {
        if (lastGood.remove(file) != null) {
            remove(idsFrom(file, null), "went with its file");
        }
    }

    /** Routes of an earlier state of the file. */
    private List<String> leftBehind(RouteFile now) {
        return idsFrom(now.getURI(), now);
    }

    /** @param except routes loaded from this very state are left out; may be null */
    private List<String> idsFrom(URI file, Resource except) {
        return getCamelContext().getRoutes().stream()
                .filter(route -> route.getSourceResource() != null
                        && route.getSourceResource() != except
                        && file.equals(route.getSourceResource().getURI()))
                .map(Route::getRouteId)
                .toList();
    }

    private void remove(List<String> ids, String why) {
        for (String id : ids) {
            try {
                getCamelContext().getRouteController().stopRoute(id);
                getCamelContext().removeRoute(id);
                LOG.info("Route {} {} and is removed", id, why);
            } catch (Exception failure) {
                LOG.error("Route {} {} but could not be removed", id, why, failure);
            }
        }
    }
}
