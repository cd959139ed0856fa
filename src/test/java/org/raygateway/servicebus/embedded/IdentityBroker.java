package org.raygateway.servicebus.embedded;

import java.nio.file.Path;
import java.util.Set;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** A broker that takes the tokens of an identity provider, as Azure's does, and no shared access signature. */
public final class IdentityBroker implements AutoCloseable {
    private final EmbeddedServiceBus broker;

    /** @param valid tokens, each good for every entity and forever */
    public IdentityBroker(Path file, Set<String> valid) {
        broker = EmbeddedServiceBus.start(
                EmbeddedServiceBusSettings.of(0, file, "unused", "unused"), log -> log, (token, now) -> {
                    if (!valid.contains(token)) {
                        throw new AmqpException(Condition.UNAUTHORIZED, "The token is not the identity's.");
                    }
                    return new TokenCheck.Grant("", Long.MAX_VALUE);
                });
    }

    public int port() {
        return broker.port();
    }

    @Override
    public void close() {
        broker.close();
    }
}
