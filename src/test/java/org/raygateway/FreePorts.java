package org.raygateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Loopback ports for processes that cannot be given port 0. No port is given out twice. */
public final class FreePorts {
    // Below the range from which the kernel takes the ports of outgoing connections, so that none is lost to one of
    // those.
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES = 1_000;
    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    public static int one() {
        return block(1);
    }

    public static List<Integer> find(int count) {
        return Stream.generate(FreePorts::one).limit(count).toList();
    }

    /** The first of so many in a row. */
    public static synchronized int block(int count) {
        for (int tries = 0; tries < TRIES; tries++) {
            int first = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST - count);
            List<Integer> ports = IntStream.range(first, first + count).boxed().toList();
            if (ports.stream().noneMatch(GIVEN::contains) && ports.stream().allMatch(FreePorts::isFree)) {
                GIVEN.addAll(ports);
                return first;
            }
        }
        throw new IllegalStateException("no " + count + " free ports in a row between " + LOWEST + " and " + HIGHEST);
    }

    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
