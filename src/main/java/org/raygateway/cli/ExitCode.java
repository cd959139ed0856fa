package org.raygateway.cli;

/** What the process tells its caller; shells and CI rely on these. */
final class ExitCode {
    static final int SUCCESS = 0;

    /** The job ended FAILED or CANCELLED, or a gateway of our own did not start. */
    static final int FAILED = 1;

    /** The same number picocli uses for a command line it cannot read. */
    static final int USAGE = 2;

    /** The gateway answered 4xx. */
    static final int REFUSED = 3;

    /** No answer in time, no connection, or 5xx. */
    static final int UNAVAILABLE = 4;

    private ExitCode() {}
}
