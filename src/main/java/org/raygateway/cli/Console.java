package org.raygateway.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes.
 *
 * @param out answers, for people or with {@code --json} for machines
 * @param err progress and errors, so that answers can be piped on
 * @param terminal whether {@code err} is a terminal, on which a line can be rewritten
 */
record Console(InputStream in, PrintWriter out, PrintWriter err, boolean terminal) {

    static Console ofThisProcess() {
        return new Console(
                System.in,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                isTerminal(System.getProperty("gateway.terminal")));
    }

    /** The launcher knows what each stream is; Java 17 alone knows only whether all of them are terminals. */
    private static boolean isTerminal(String launcherSays) {
        return launcherSays == null ? System.console() != null : Boolean.parseBoolean(launcherSays);
    }
}
