package org.raygateway.ray.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Ports of loopback that nobody listens on. */
final class FreePorts {
    private static final int FIRST = 12_000;
    private static final int LAST = 30_000;

    private FreePorts() {}

    static int one() {
        return many(1).get(0);
    }

    /** All different. */
    static List<Integer> many(int count) {
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                taken.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return taken.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        } finally {
            taken.forEach(FreePorts::close);
        }
    }

    /** The first of so many in a row, outside of the range that the system gives away. */
    static int block(int count) {
        while (true) {
            int first = ThreadLocalRandom.current().nextInt(FIRST, LAST - count);
            if (IntStream.range(first, first + count).allMatch(FreePorts::isFree)) {
                return first;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return free.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Writes a file like {@code ray/ports.env} with ports that are free, and returns that of the head's GCS. */
    static int write(Path example, Path file) throws IOException {
        List<String> names = Files.readAllLines(example).stream()
                .filter(line -> line.contains("=") && !line.startsWith("#"))
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();
        List<Integer> ports = many(names.size());
        int workers = block(200);
        List<String> lines = new ArrayList<>();
        int gcs = 0;
        for (int i = 0; i < names.size(); i++) {
            int port = ports.get(i);
            switch (names.get(i)) {
                case "HEAD_GCS_PORT" -> gcs = port;
                case "HEAD_FIRST_WORKER_PORT" -> port = workers;
                case "HEAD_LAST_WORKER_PORT" -> port = workers + 99;
                case "WORKER_FIRST_WORKER_PORT" -> port = workers + 100;
                case "WORKER_LAST_WORKER_PORT" -> port = workers + 199;
                default -> {
                    // any will do
                }
            }
            lines.add(names.get(i) + "=" + port);
        }
        Files.write(file, lines);
        return gcs;
    }
}
