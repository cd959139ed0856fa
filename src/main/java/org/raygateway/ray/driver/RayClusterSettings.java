package org.raygateway.ray.driver;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Ray cluster that a driver joins, and what its Java workers are started with.
 *
 * @param address host:port of the head's GCS
 * @param nodeIp address of the Ray node beside the driver, through which it joins
 * @param codeSearchPath jars and folders of jars for Java workers, of the same path on every node
 * @param workerOptions JVM options of Java workers, beside those that Ray needs
 */
public record RayClusterSettings(String address, String nodeIp, List<Path> codeSearchPath, List<String> workerOptions) {

    /** Ray's serializer reaches into these packages; a worker without them ends with the first exception of a computation. */
    private static final List<String> OPEN_PACKAGES =
            List.of("java.lang", "java.math", "java.util", "java.util.concurrent", "java.net", "java.text");

    public RayClusterSettings {
        codeSearchPath = List.copyOf(codeSearchPath);
        workerOptions = List.copyOf(workerOptions);
    }

    /** JVM options that Ray needs, in drivers and workers. */
    public static List<String> neededOptions() {
        return OPEN_PACKAGES.stream()
                .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
                .toList();
    }

    String host() {
        return address.substring(0, address.lastIndexOf(':'));
    }

    int port() {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** What Ray's Java runtime reads when it starts. */
    Map<String, String> rayProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("ray.address", address);
        properties.put("ray.node-ip", nodeIp);
        properties.put("ray.job.code-search-path", ComputationJars.searchPath(codeSearchPath));
        List<String> options = new ArrayList<>(neededOptions());
        options.addAll(workerOptions);
        for (int i = 0; i < options.size(); i++) {
            properties.put("ray.job.jvm-options." + i, options.get(i));
        }
        return properties;
    }
}
