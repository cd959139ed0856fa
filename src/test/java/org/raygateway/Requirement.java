package org.raygateway;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What tests need of the machine. Where it is missing they say so in one line and are skipped, but on a build server they fail. */
public final class Requirement {
    private Requirement() {}

    /** @param otherwise why the tests cannot run where it is not met */
    public static void require(boolean met, String otherwise) {
        if (met) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(otherwise);
        }
        System.err.println(
                "Skipped: " + otherwise.lines().reduce((first, last) -> last).orElse(otherwise));
        assumeTrue(false, otherwise);
    }
}
