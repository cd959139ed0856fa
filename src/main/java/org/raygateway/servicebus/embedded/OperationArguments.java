package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.proton.amqp.Binary;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** The map a management request carries, with its values checked as they are read. */
final class OperationArguments {

    private final Map<?, ?> values;

    /** @param body the request's value; anything but a map is refused */
    OperationArguments(Object body) {
        if (!(body instanceof Map<?, ?> map)) {
            throw new AmqpException(Condition.ARGUMENT_ERROR, "The request's body must be a map.");
        }
        this.values = map;
    }

    int integer(String name) {
        return require(name, Number.class).intValue();
    }

    long number(String name) {
        return require(name, Number.class).longValue();
    }

    String text(String name) {
        return require(name, String.class);
    }

    String textOrNull(String name) {
        return values.get(name) == null ? null : require(name, String.class);
    }

    Map<?, ?> mapOrNull(String name) {
        return values.get(name) == null ? null : require(name, Map.class);
    }

    UUID[] tokens(String name) {
        return require(name, UUID[].class);
    }

    /** A list of numbers; clients send arrays of long, boxed or not. */
    List<Long> numbers(String name) {
        Object value = values.get(name);
        List<Long> numbers = new ArrayList<>();
        if (value instanceof long[] primitives) {
            for (long number : primitives) {
                numbers.add(number);
            }
        } else if (value instanceof Number[] boxed) {
            for (Number number : boxed) {
                numbers.add(number.longValue());
            }
        } else {
            throw wrong(name);
        }
        return numbers;
    }

    /** The encoded messages of a schedule request. */
    List<byte[]> messages(String name) {
        List<byte[]> messages = new ArrayList<>();
        for (Object entry : require(name, List.class)) {
            if (!(entry instanceof Map<?, ?> map) || !(map.get("message") instanceof Binary binary)) {
                throw wrong(name);
            }
            messages.add(MessageCodec.bytes(binary));
        }
        return messages;
    }

    private <T> T require(String name, Class<T> type) {
        Object value = values.get(name);
        if (!type.isInstance(value)) {
            throw wrong(name);
        }
        return type.cast(value);
    }

    private static AmqpException wrong(String name) {
        return new AmqpException(
                Condition.ARGUMENT_ERROR, "The request's '" + name + "' is missing or of a wrong type.");
    }
}
