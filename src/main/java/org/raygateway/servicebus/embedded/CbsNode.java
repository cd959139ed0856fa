package org.raygateway.servicebus.embedded;

import java.util.Map;
import java.util.function.Predicate;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.message.Message;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.raygateway.servicebus.embedded.TokenCheck.Grant;

/** {@code $cbs}: takes tokens and opens the entities they name to the connection (AMQP claims-based security). */
final class CbsNode implements RequestNode {

    private final TokenCheck tokens;
    private final AuthorizedScopes scopes;
    private final Timers timers;
    private final Predicate<String> exists;

    /** @param exists tells whether there is an entity with a path */
    CbsNode(TokenCheck tokens, AuthorizedScopes scopes, Timers timers, Predicate<String> exists) {
        this.tokens = tokens;
        this.scopes = scopes;
        this.timers = timers;
        this.exists = exists;
    }

    @Override
    public Response handle(Message request) {
        Map<String, Object> properties = request.getApplicationProperties() == null
                        || request.getApplicationProperties().getValue() == null
                ? Map.of()
                : request.getApplicationProperties().getValue();
        if (!"put-token".equals(properties.get("operation"))) {
            throw new AmqpException(Condition.NOT_IMPLEMENTED, "$cbs knows only the operation put-token.");
        }
        // The type is not looked at: Python calls its SAS tokens jwt. A real JWT fails verification.
        Object token = request.getBody() instanceof AmqpValue value ? value.getValue() : null;
        Grant grant = tokens.verify(token instanceof String text ? text : null, timers.now());
        String audience = EntityPath.of(properties.get("name") instanceof String name ? name : null);
        if (!EntityPath.covers(grant.scope(), audience)) {
            throw new AmqpException(Condition.UNAUTHORIZED, "The token's resource (sr) does not cover its audience.");
        }
        // Last, so that only those with a valid token learn what there is.
        String entity = EntityPath.withoutManagement(audience);
        if (!entity.isEmpty() && !exists.test(entity)) {
            throw AmqpException.notFound(entity);
        }
        scopes.grant(audience, grant.expiresAtMillis());
        return new Response(202, Map.of());
    }
}
