package org.raygateway.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import org.raygateway.settings.PropertyReader;

/**
 * The servers.
 *
 * @param host address of the API; loopback as long as nobody can be authenticated
 * @param port of the API
 * @param operationsPort of health, metrics and operations, on loopback
 * @param maxPendingBytes bodies of all requests in work, together
 */
public record HttpSettings(
        String host,
        int port,
        int operationsPort,
        long maxBodyBytes,
        int workerThreads,
        int maxPendingRequests,
        long maxPendingBytes,
        int maxPageSize) {

    public static HttpSettings from(PropertyReader properties) {
        String host = properties.required("gateway.http.host");
        if (!host.isEmpty() && !isLoopback(host)) {
            properties.reject(
                    "`gateway.http.host` must be a loopback address such as 127.0.0.1 as long as no authentication is"
                            + " configured, got `" + host + "`");
        }
        return new HttpSettings(
                host,
                port(properties, "gateway.http.port"),
                port(properties, "gateway.operations.port"),
                properties.number("gateway.http.max-body-bytes", 1024, 16 << 20),
                properties.integer("gateway.http.worker-threads", 1, 1024),
                properties.integer("gateway.http.max-pending-requests", 1, 1_000_000),
                properties.number("gateway.http.max-pending-bytes", 1 << 20, 1L << 34),
                properties.integer("gateway.jobs.max-page-size", 1, 10_000));
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /** A port of 0 is settled here, since routes and servers find each other by number. */
    private static int port(PropertyReader properties, String key) {
        int port = properties.integer(key, 0, 65535);
        return port == 0 ? freePort() : port;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new IllegalStateException("no free loopback port", none);
        }
    }
}
