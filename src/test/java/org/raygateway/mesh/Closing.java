package org.raygateway.mesh;

import java.io.IOException;
import java.util.List;

/** Takes things down in turn, whatever fails meanwhile. */
final class Closing {
    private Closing() {}

    /** @param what the parts are, for the error that holds all of theirs */
    static void all(String what, List<AutoCloseable> parts) throws IOException {
        IOException failures = new IOException("not all of " + what + " was taken down");
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception failed) {
                failures.addSuppressed(failed);
            }
        }
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }
}
