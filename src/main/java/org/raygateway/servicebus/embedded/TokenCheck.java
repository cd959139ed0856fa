package org.raygateway.servicebus.embedded;

/** Decides what a token put into {@code $cbs} grants, and who may do without. The broker knows {@link SharedAccessSignature} alone. */
interface TokenCheck {

    /** What a valid token grants: an entity path and all below it, until a time. */
    record Grant(String scope, long expiresAtMillis) {}

    /**
     * @param token as the client sent it; null where it sent no text
     * @throws AmqpException {@code amqp:unauthorized-access} when it is not valid
     */
    Grant verify(String token, long nowMillis);

    /** True for the name and value of a key that opens everything; there may be none. */
    default boolean isKey(String name, String value) {
        return false;
    }
}
