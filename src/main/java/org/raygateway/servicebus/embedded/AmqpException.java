package org.raygateway.servicebus.embedded;

import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.transport.ErrorCondition;

/** A refusal the client is told about: an AMQP condition, a status code for request/response nodes, and a text. */
final class AmqpException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Conditions as Azure Service Bus names them, with the status code its management nodes use for each. */
    enum Condition {
        NOT_FOUND("amqp:not-found", 404),
        NOT_ALLOWED("amqp:not-allowed", 400),
        NOT_IMPLEMENTED("amqp:not-implemented", 501),
        UNAUTHORIZED("amqp:unauthorized-access", 401),
        DECODE_ERROR("amqp:decode-error", 400),
        INTERNAL_ERROR("amqp:internal-error", 500),
        RESOURCE_LIMIT("amqp:resource-limit-exceeded", 403),
        MESSAGE_TOO_LARGE("amqp:link:message-size-exceeded", 400),
        CONNECTION_FORCED("amqp:connection:forced", 503),
        ARGUMENT_ERROR("com.microsoft:argument-error", 400),
        ALREADY_EXISTS("com.microsoft:entity-already-exists", 409),
        LOCK_LOST("com.microsoft:message-lock-lost", 410),
        MESSAGE_NOT_FOUND("com.microsoft:message-not-found", 404);

        final Symbol symbol;
        final int status;

        Condition(String symbol, int status) {
            this.symbol = Symbol.valueOf(symbol);
            this.status = status;
        }
    }

    private final transient Condition condition;

    AmqpException(Condition condition, String text) {
        super(text, null, false, false);
        this.condition = condition;
    }

    static AmqpException notFound(String path) {
        return new AmqpException(Condition.NOT_FOUND, "The messaging entity '" + path + "' could not be found.");
    }

    Condition condition() {
        return condition;
    }

    /** Always with all three fields: an encoder leaves trailing nulls out, and Python's SDK reads the third unasked. */
    ErrorCondition toErrorCondition() {
        ErrorCondition error = new ErrorCondition(condition.symbol, getMessage());
        error.setInfo(Map.of());
        return error;
    }

    /** The outcome of a delivery that is refused. */
    Rejected toRejected() {
        Rejected rejected = new Rejected();
        rejected.setError(toErrorCondition());
        return rejected;
    }
}
