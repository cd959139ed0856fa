package org.raygateway.servicebus.embedded;

import java.util.HashMap;
import java.util.Map;

/** What one connection may touch, by the tokens it has put. */
final class AuthorizedScopes {

    private static final int MAX_SCOPES = 512;

    private final Map<String, Long> expiryByScope = new HashMap<>();

    /** Later tokens for the same scope replace earlier ones. */
    void grant(String scope, long expiresAt) {
        if (!expiryByScope.containsKey(scope) && expiryByScope.size() >= MAX_SCOPES) {
            throw new AmqpException(
                    AmqpException.Condition.RESOURCE_LIMIT,
                    "A connection can hold " + MAX_SCOPES + " tokens; this one has as many.");
        }
        expiryByScope.put(scope, expiresAt);
    }

    boolean allows(String path, long now) {
        return expiryByScope.entrySet().stream()
                .anyMatch(scope -> scope.getValue() > now && EntityPath.covers(scope.getKey(), path));
    }

    boolean isEmpty() {
        return expiryByScope.isEmpty();
    }
}
