package org.raygateway.status;

/** A message is no status that counts. Its text says what was expected and holds no payload. */
final class RefusedStatusException extends Exception {
    private final Refusal refusal;

    RefusedStatusException(Refusal refusal, String reason) {
        super(reason);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
