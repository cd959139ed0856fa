package org.raygateway.ray.driver;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.raygateway.settings.PropertyReader;
import org.raygateway.settings.PropertySource;

/**
 * The driver as a process of its own, by the properties that the gateway also reads.
 *
 * @param port of its gRPC on loopback
 */
public record DriverSettings(int port, RayDriverSettings ray) {
    private static final String ADDRESS = "gateway.ray.address";
    private static final String NODE_IP = "gateway.ray.node-ip";
    private static final String NAMESPACE = "gateway.ray.namespace";

    /**
     * @param home folder with {@code application.properties} and {@code target/lib}
     * @param overrides from the command line
     * @throws org.raygateway.settings.SettingsException listing everything that is wrong
     */
    public static DriverSettings load(Path home, Map<String, String> environment, Map<String, String> overrides) {
        PropertyReader properties = new PropertyReader(PropertySource.load(home, environment, overrides), home);
        String address = properties.text(ADDRESS);
        if (!address.matches("[^:/]+:\\d{1,5}")) {
            properties.reject("`" + ADDRESS + "` must be host:port such as 127.0.0.1:6379, got `" + address + "`");
        }
        String nodeIp = properties.required(NODE_IP);
        String namespace = properties.required(NAMESPACE);
        List<String> options =
                List.of(properties.required("gateway.ray.worker-options").split("\\s+"));
        List<Path> classPath = properties.jars("gateway.ray.class-path");
        int port = properties.integer("gateway.driver.port", 0, 65_535);
        RayDriverSettings limits = RayDriverSettings.defaults(RayMode.LOCAL)
                .withClassPath(classPath)
                .withPoolSize(properties.integer("gateway.ray.pool-size", 1, 1000))
                .withMaxActive(properties.integer("gateway.ray.max-active", 1, 100_000));
        properties.throwIfInvalid();
        RayClusterSettings cluster = new RayClusterSettings(address, nodeIp, codeSearchPath(home, classPath), options);
        return new DriverSettings(port, limits.inCluster(namespace, cluster));
    }

    public RayClusterSettings cluster() {
        return ray.cluster();
    }

    /**
     * This build's own classes, what they need on a worker, and the computations of others. Python's stand on the nodes' own
     * PYTHONPATH.
     */
    private static List<Path> codeSearchPath(Path home, List<Path> classPath) {
        Path libraries = home.resolve("target/lib");
        if (!Files.isDirectory(libraries)) {
            throw new IllegalStateException("the driver needs the folder " + libraries
                    + ", which Ray's Java workers load: build with `mvn package`, and start by the launcher");
        }
        List<Path> all = new ArrayList<>(List.of(ownClasses(), libraries));
        all.addAll(classPath);
        return all;
    }

    private static Path ownClasses() {
        try {
            return Path.of(DriverSettings.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
