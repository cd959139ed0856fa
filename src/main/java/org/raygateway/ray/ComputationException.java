package org.raygateway.ray;

/** A failure whose message is meant for the person who submitted the job: no secrets, no inner workings. */
public final class ComputationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what was expected, what came, what to do */
    public ComputationException(String message) {
        super(message);
    }
}
