package org.raygateway.ray.publish;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between client and broker; the connections it has can fall silent, as where a machine or a network in between is gone. */
final class SilentRelay implements AutoCloseable {
    private final int brokerPort;
    private final ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> silent = ConcurrentHashMap.newKeySet();

    SilentRelay(int brokerPort) throws IOException {
        this.brokerPort = brokerPort;
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on nothing gets through on the connections there are; new ones are as before. */
    void silence() {
        silent.addAll(sockets);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
                sockets.addAll(List.of(client, broker));
                start(() -> copy(client, broker));
                start(() -> copy(broker, client));
            }
        } catch (IOException closed) {
            close();
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            int length;
            while ((length = in.read(buffer)) >= 0) {
                if (!silent.contains(from)) {
                    out.write(buffer, 0, length);
                }
            }
        } catch (IOException closed) {
            sockets.removeAll(List.of(from, to));
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "silent-relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException already) {
            sockets.clear();
        }
    }
}
