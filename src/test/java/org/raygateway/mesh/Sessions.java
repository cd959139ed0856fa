package org.raygateway.mesh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Processes by the session that their start script made for them, and where they listen: from Linux's /proc (proc(5)). */
final class Sessions {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int STATE = 3;
    private static final int INODE = 9;

    private Sessions() {}

    /** All processes of these sessions that have not ended. */
    static List<Long> processes(Set<Long> sessions) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> sessions.contains(session(pid)))
                .toList();
    }

    /** The process's session; -1 where it has ended, even if nobody has collected it yet. */
    private static long session(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return afterName[0].equals("Z") ? -1 : Long.parseLong(afterName[3]);
        } catch (IOException ended) {
            return -1;
        }
    }

    /** Every TCP socket on which one of these processes listens. */
    static List<InetSocketAddress> listeners(List<Long> pids) throws IOException {
        Set<String> inodes = pids.stream().flatMap(Sessions::sockets).collect(Collectors.toSet());
        return Stream.concat(lines("net/tcp"), lines("net/tcp6"))
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[STATE].equals(LISTENING) && inodes.contains(fields[INODE]))
                .map(fields -> address(fields[1]))
                .toList();
    }

    private static Stream<String> lines(String table) throws IOException {
        return Files.readAllLines(PROC.resolve(table)).stream().skip(1);
    }

    private static Stream<String> sockets(long pid) {
        try (Stream<Path> open = Files.list(PROC.resolve(pid + "/fd"))) {
            return open
                    .map(Sessions::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .toList()
                    .stream();
        } catch (IOException ended) {
            return Stream.empty();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    /** The tables hold addresses as words of this machine's byte order, and ports as plain numbers. */
    private static InetSocketAddress address(String text) {
        String[] parts = text.split(":");
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(parts[0]));
        ByteBuffer bytes = ByteBuffer.allocate(words.capacity()).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes.array()), HexFormat.fromHexDigits(parts[1]));
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException("no address: " + Arrays.toString(parts), wrongLength);
        }
    }
}
