package org.raygateway.ray.actor;

import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Date;
import java.util.Optional;
import java.util.Set;

/** Why a value cannot be part of a result, and what its author can do. */
final class Refusals {
    private Refusals() {}

    static String of(Object value) {
        return typeName(value) + " cannot be part of a result" + hint(value);
    }

    /** Arrays that are no lists of numbers. */
    static boolean isText(Object array) {
        return array instanceof byte[] || array instanceof char[];
    }

    static String typeName(Object value) {
        return value.getClass().getTypeName();
    }

    private static String hint(Object value) {
        if (value instanceof TemporalAccessor || value instanceof TemporalAmount || value instanceof Date) {
            return "; give its text, such as 2024-02-29T12:00:00Z";
        }
        if (isText(value)) {
            return "; give text, such as Base64";
        }
        if (value instanceof Set) {
            return "; a set has no order, give a list";
        }
        if (value instanceof Enum) {
            return "; give its name";
        }
        return value instanceof Optional ? "; give its value, or null" : "";
    }
}
