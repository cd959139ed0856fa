package org.raygateway.ray.driver;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Jars that hold computations. */
final class ComputationJars {
    private ComputationJars() {}

    /** As Ray's {@code code-search-path}. */
    static String searchPath(List<Path> jars) {
        return jars.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    /** Finds this build's own computations first. */
    static ClassLoader loader(List<Path> jars) {
        URL[] urls = jars.stream().map(ComputationJars::url).toArray(URL[]::new);
        return new URLClassLoader("computations", urls, ComputationJars.class.getClassLoader());
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
