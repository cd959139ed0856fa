package org.raygateway.cli;

/** No answer from the gateway: no connection, none in time, or one that is not HTTP or not JSON. */
final class UnreachableException extends RuntimeException {
    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }

    UnreachableException(String message) {
        super(message);
    }
}
