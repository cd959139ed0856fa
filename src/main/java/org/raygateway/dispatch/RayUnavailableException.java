package org.raygateway.dispatch;

/** Ray or its driver did not do as asked; trying again may help. Counts as a failure for the breaker. */
public final class RayUnavailableException extends RuntimeException {
    RayUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
