package org.raygateway.storage;

/** A file that must not be written to or begun anew; the text says why, and the way out. */
public final class UnusableFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnusableFileException(String message) {
        super(message);
    }
}
