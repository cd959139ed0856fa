package org.raygateway.ray.driver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a driver's process running: Ray's native part may end the JVM that hosts it, and a driver whose cluster is gone ends itself.
 * The child ends when its standard input does, so that it never outlives this process, whatever ends that.
 */
public final class DriverSupervisor implements AutoCloseable {
    /** Exit code of a driver that found its cluster gone. */
    public static final int RAY_LOST = 75;

    private static final Logger LOG = LoggerFactory.getLogger(DriverSupervisor.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    /** What ran for so long did start: the next pause is short again. */
    private static final Duration LONG_RUN = Duration.ofSeconds(30);

    private static final Duration HEAD_LOOK = Duration.ofMillis(500);
    private static final int CONNECT_PATIENCE_MS = 500;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(12);

    private final List<String> command;
    private final Map<String, String> environment;
    private final InetSocketAddress head;
    private Process child;
    private boolean stopping;

    /**
     * @param command starts the child
     * @param environment what the child gets beside this process's own
     * @param settings say where the head is
     */
    public DriverSupervisor(List<String> command, Map<String, String> environment, RayClusterSettings settings) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.head = new InetSocketAddress(settings.host(), settings.port());
    }

    /** Returns once closed. */
    public void run() {
        Duration pause = FIRST_PAUSE;
        while (awaitHead()) {
            long started = System.nanoTime();
            if (!start()) {
                return;
            }
            int code = awaitEnd();
            Duration lived = Duration.ofNanos(System.nanoTime() - started);
            pause = lived.compareTo(LONG_RUN) > 0 ? FIRST_PAUSE : pause;
            if (isStopping()) {
                return;
            }
            LOG.warn(
                    "The driver's process ended after {} s: {}; the next one starts in {} ms",
                    lived.toSeconds(),
                    meaning(code),
                    pause.toMillis());
            pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** Ray ends a process that joins while there is no head, a minute later. Returns false once closed. */
    private boolean awaitHead() {
        boolean told = false;
        while (!isStopping()) {
            if (answers()) {
                return true;
            }
            if (!told) {
                LOG.warn("No Ray head answers at {}; the driver's process starts when one does", head);
                told = true;
            }
            pause(HEAD_LOOK);
        }
        return false;
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(head, CONNECT_PATIENCE_MS);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Returns false once closed. */
    private synchronized boolean start() {
        if (stopping) {
            return false;
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        // Ray's native part ends a process that has not heard from the head for a minute; it may be away for a day.
        builder.environment().put("RAY_gcs_rpc_server_reconnect_timeout_s", "86400");
        try {
            child = builder.start();
            LOG.info("The driver runs as process {}", child.pid());
            return true;
        } catch (IOException unstartable) {
            throw new IllegalStateException("the driver's process cannot be started", unstartable);
        }
    }

    private int awaitEnd() {
        Process running;
        synchronized (this) {
            running = child;
        }
        try {
            return running.waitFor();
        } catch (InterruptedException stopped) {
            close();
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    static String meaning(int code) {
        return switch (code) {
            case RAY_LOST -> "its Ray cluster is gone or did not take it";
            case 128 + 6 -> "Ray's native part aborted it (code 134)";
            case 128 + 9 -> "it was killed (code 137)";
            case 128 + 11 -> "its native part crashed (code 139)";
            case 128 + 15 -> "it was told to stop (code 143)";
            default -> "it, or Ray in it, exited with code " + code;
        };
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private synchronized void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        try {
            long left = time.toMillis();
            while (!stopping && left > 0) {
                wait(left);
                left = (end - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException interrupted) {
            stopping = true;
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the child to stop, and ends it where it does not. */
    @Override
    public void close() {
        Process last;
        synchronized (this) {
            stopping = true;
            last = child;
            notifyAll();
        }
        if (last == null) {
            return;
        }
        try {
            last.getOutputStream().close();
            if (!last.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The driver's process did not stop within {} s and is killed", STOP_PATIENCE.toSeconds());
                last.destroyForcibly();
            }
        } catch (IOException alreadyGone) {
            LOG.debug("The driver's process had ended", alreadyGone);
        } catch (InterruptedException interrupted) {
            last.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
