package org.raygateway.bench.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Free loopback ports in a row, below those that the kernel gives to outgoing connections. */
final class Ports {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES = 1_000;

    private final int end;
    private int next;

    private Ports(int first, int count) {
        this.next = first;
        this.end = first + count;
    }

    static Ports find(int count) {
        for (int tries = 0; tries < TRIES; tries++) {
            int first = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST - count);
            if (IntStream.range(first, first + count).allMatch(Ports::isFree)) {
                return new Ports(first, count);
            }
        }
        throw new IllegalStateException("no " + count + " free ports in a row between " + LOWEST + " and " + HIGHEST);
    }

    int take() {
        return take(1);
    }

    /** The first of so many in a row. */
    int take(int count) {
        if (next + count > end) {
            throw new IllegalStateException("more ports are needed than were asked for");
        }
        next += count;
        return next - count;
    }

    static boolean listens(int port) {
        return !isFree(port);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
