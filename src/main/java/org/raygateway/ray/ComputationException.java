package org.raygateway.ray;

/**
 * A failure whose message reaches the person who submitted the job: no secrets, no inner workings. It is cut after 1,000
 * characters, and line breaks and control characters become blanks.
 */
public final class ComputationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what was expected, what came, what to do */
    public ComputationException(String message) {
        super(message);
    }
}
