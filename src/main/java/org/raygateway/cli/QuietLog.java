package org.raygateway.cli;

/** Keeps the log from writing between a progress bar and a result. */
final class QuietLog {
    private static final String LEVEL = "gateway.log.level";

    private QuietLog() {}

    /** Takes effect where no logger exists yet: the log's configuration reads the property once. */
    static void unlessAskedFor() {
        if (System.getProperty(LEVEL) == null && System.getenv("GATEWAY_LOG_LEVEL") == null) {
            System.setProperty(LEVEL, "ERROR");
        }
    }
}
