package org.raygateway.cli;

import java.time.Duration;

/** Ends the JVM with a code although non-daemon threads live and although a shutdown hook of some library may hang. */
final class Exit {
    private static final Duration HOOKS = Duration.ofSeconds(3);

    private Exit() {}

    static void with(int code) {
        haltAfter(HOOKS, code);
        System.exit(code);
    }

    /** Ends the JVM without hooks once the time is over, unless it has ended before. */
    static void haltAfter(Duration delay, int code) {
        Thread thread = new Thread(
                () -> {
                    try {
                        Thread.sleep(delay.toMillis());
                    } catch (InterruptedException early) {
                        Thread.currentThread().interrupt();
                    }
                    Runtime.getRuntime().halt(code);
                },
                "exit-deadline");
        thread.setDaemon(true);
        thread.start();
    }
}
