package org.raygateway.catalogue;

/**
 * One thing wrong with a job's parameters.
 *
 * @param pointer where: a JSON Pointer (RFC 6901) into the parameters, empty for the whole
 * @param message what was expected and what came, as the end of a sentence: "must be at least 1, got -1"
 */
public record ParameterError(String pointer, String message) {
    @Override
    public String toString() {
        return (pointer.isEmpty() ? "the object" : "`" + pointer + "`") + " " + message;
    }
}
