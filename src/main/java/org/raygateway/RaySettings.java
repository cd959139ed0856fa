package org.raygateway;

import java.nio.file.Path;
import java.util.List;
import org.raygateway.settings.PropertyReader;

/**
 * Where Ray runs.
 *
 * @param driverAddress host:port of the driver in cluster mode
 * @param classPath jars with computations besides the gateway's own, local mode
 * @param poolSize warm actors for each pooled computation, local mode
 * @param maxActive executions at once, local mode
 */
record RaySettings(Mode mode, String driverAddress, List<Path> classPath, int poolSize, int maxActive) {
    /** In this process, or behind a driver. */
    enum Mode {
        LOCAL,
        CLUSTER
    }

    static RaySettings from(PropertyReader properties) {
        Mode mode = properties.choice("gateway.ray.mode", Mode.class);
        String address = properties.text("gateway.driver.address");
        if (mode == Mode.CLUSTER && !address.matches("[^:/]+:\\d{1,5}")) {
            properties.reject(
                    "`gateway.driver.address` must be host:port such as 127.0.0.1:20000, got `" + address + "`");
        }
        return new RaySettings(
                mode,
                address,
                properties.jars("gateway.ray.class-path"),
                properties.integer("gateway.ray.pool-size", 1, 1000),
                properties.integer("gateway.ray.max-active", 1, 100_000));
    }
}
