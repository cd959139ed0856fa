package org.raygateway.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.raygateway.settings.PropertyReader;

/**
 * The servers.
 *
 * @param host address of the API; loopback as long as nobody can be authenticated
 * @param port of the API; 0 takes any free one
 * @param operationsPort of health, metrics and operations, on loopback
 * @param allowedHosts names, in lower case, that clients may use beside the loopback ones and the host itself
 */
public record HttpSettings(
        String host,
        int port,
        int operationsPort,
        List<String> allowedHosts,
        ConnectionLimits connections,
        long maxBodyBytes,
        int workerThreads,
        int maxPendingRequests,
        int maxPageSize) {

    public static HttpSettings from(PropertyReader properties) {
        String host = properties.required("gateway.http.host");
        if (!host.isEmpty() && !isLoopback(host)) {
            properties.reject(
                    "`gateway.http.host` must be a loopback address such as 127.0.0.1 as long as no authentication is"
                            + " configured, got `" + host + "`");
        }
        int port = properties.integer("gateway.http.port", 0, 65535);
        int operationsPort = properties.integer("gateway.operations.port", 0, 65535);
        if (port != 0 && port == operationsPort) {
            properties.reject(
                    "`gateway.operations.port` must be another than `gateway.http.port`, got " + port + " for both");
        }
        return new HttpSettings(
                host,
                port,
                operationsPort,
                allowedHosts(properties),
                ConnectionLimits.from(properties),
                properties.number("gateway.http.max-body-bytes", 1024, 16 << 20),
                properties.integer("gateway.http.worker-threads", 1, 1024),
                properties.integer("gateway.http.max-pending-requests", 1, 1_000_000),
                properties.integer("gateway.jobs.max-page-size", 1, 10_000));
    }

    private static List<String> allowedHosts(PropertyReader properties) {
        List<String> hosts = new ArrayList<>();
        for (String entry : properties.text("gateway.http.allowed-hosts").split(",")) {
            Authority name = Authority.parse(entry.trim()).orElse(null);
            if (name != null && name.port() < 0) {
                hosts.add(name.host());
            } else if (!entry.isBlank()) {
                properties.reject("`gateway.http.allowed-hosts` must be host names without ports, separated by commas,"
                        + " such as `gateway.example.org`, got `" + entry.trim() + "`");
            }
        }
        return hosts;
    }

    /** With the ports that were taken where any would do. */
    public HttpSettings listeningAt(int taken, int takenForOperations) {
        return new HttpSettings(
                host,
                taken,
                takenForOperations,
                allowedHosts,
                connections,
                maxBodyBytes,
                workerThreads,
                maxPendingRequests,
                maxPageSize);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
