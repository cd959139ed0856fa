package org.raygateway.mesh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What a sidecar of one Ray node says to that of another: where a connection wants to go, then its bytes. */
final class ThroughNode {
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final byte PROXY_COMMAND = 0x21;
    private static final byte TCP_OVER_IPV4 = 0x11;
    private static final short ADDRESSES = 12;
    private static final byte[] HTTP2_PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    private ThroughNode() {}

    /**
     * Whether an HTTP/2 server answers at an address that is named by PROXY protocol 2 (its specification, section 2.2).
     *
     * @param upstream loopback port of the way to the other node
     */
    static boolean answers(int upstream, String address, int port) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(SIGNATURE.length + 4 + ADDRESSES)
                .put(SIGNATURE)
                .put(PROXY_COMMAND)
                .put(TCP_OVER_IPV4)
                .putShort(ADDRESSES)
                .put(InetAddress.getByName("127.0.0.1").getAddress())
                .put(InetAddress.getByName(address).getAddress())
                .putShort((short) 1)
                .putShort((short) port);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(header.array());
            socket.getOutputStream().write(HTTP2_PREFACE);
            return socket.getInputStream().read() != -1;
        } catch (java.net.SocketException cutOff) {
            return false;
        }
    }
}
