package org.raygateway.store;

/** The storage failed: not reachable, full, corrupt or too slow. */
public final class StoreException extends RuntimeException {
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
