package org.raygateway.bench.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where one run lives: a temporary folder, free ports, and what its scripts read from their environment. */
final class Site implements AutoCloseable {
    private static final int WORKERS = 100;
    private static final int PORTS = 2 * WORKERS + 60;

    private final Path home;
    private final Path folder;
    private final Map<String, String> settings = new HashMap<>();

    private Site(Path home, Path folder) {
        this.home = home;
        this.folder = folder;
    }

    static Site make(Path home) throws IOException {
        // Short, since Ray's sockets lie in it.
        Site site = new Site(home, Files.createTempDirectory("rgb"));
        Ports ports = Ports.find(PORTS);
        site.choosePorts(ports);
        site.settings.put("RAYGATEWAY_RUN_DIR", site.folder.resolve("run").toString());
        site.settings.put("RAYGATEWAY_RAY_TEMP", site.folder.resolve("t").toString());
        // Ray's Jobs API, which is measured beside the gateway, comes with it.
        site.settings.put("RAYGATEWAY_DASHBOARD", "yes");
        site.settings.put("JAVA_HOME", System.getProperty("java.home"));
        site.nameBroker(ports.take());
        return site;
    }

    private void choosePorts(Ports ports) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String name : names("ray/ports.env", "(\\w+)=.*")) {
            // First and last of a range stand in this order.
            int count = name.endsWith("_FIRST_WORKER_PORT") ? WORKERS : 1;
            int port = name.endsWith("_LAST_WORKER_PORT")
                    ? port(name.replace("_LAST_", "_FIRST_")) + WORKERS - 1
                    : ports.take(count);
            settings.put(name, Integer.toString(port));
            lines.add(name + "=" + port);
        }
        settings.put(
                "RAYGATEWAY_PORTS",
                Files.write(folder.resolve("ports.env"), lines).toString());
        for (String name : names("consul/ports.env", ": \"\\$\\{(\\w+):=.*")) {
            settings.put(name, Integer.toString(ports.take()));
        }
        settings.put("MESH_GCS_PORT", Integer.toString(port("HEAD_GCS_PORT")));
        settings.put("GATEWAY_RAY_ADDRESS", "127.0.0.1:" + port("HEAD_GCS_PORT"));
    }

    private List<String> names(String file, String pattern) throws IOException {
        return Files.readAllLines(home.resolve(file)).stream()
                .filter(line -> line.matches(pattern))
                .map(line -> line.replaceAll(pattern, "$1"))
                .toList();
    }

    /** The broker inside the gateway, for the gateway itself, the driver and the workers. */
    private void nameBroker(int port) {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        String connection = "Endpoint=sb://localhost:" + port + ";SharedAccessKeyName=bench;SharedAccessKey="
                + Base64.getEncoder().encodeToString(key) + ";UseDevelopmentEmulator=true";
        settings.put("RAYGATEWAY_SERVICEBUS_CONNECTION_STRING", connection);
        settings.put("GATEWAY_SERVICEBUS_CONNECTION_STRING", connection);
        settings.put("GATEWAY_SERVICEBUS_EMBEDDED_PORT", Integer.toString(port));
    }

    Path home() {
        return home;
    }

    Path folder() {
        return folder;
    }

    int port(String name) {
        return Integer.parseInt(settings.get(name));
    }

    /** These settings and more. */
    Map<String, String> settings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        return all;
    }

    @Override
    public void close() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(folder)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
