package org.raygateway.ray.actor;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.raygateway.ray.ComputationException;

/** Writes one result. What it does not know it refuses: no object is taken apart that was not made to be data. */
final class ResultWriter {
    private static final int MOST_LEVELS = 100;
    /** What the gateway's reader takes of a number; it also refuses keys longer than 50,000. */
    private static final int LONGEST_NUMBER = 1000;

    private static final int LONGEST_KEY = 1000;

    private final JsonGenerator json;
    private final ResultPath path = new ResultPath(MOST_LEVELS);

    ResultWriter(JsonGenerator json) {
        this.json = json;
    }

    /** @throws ComputationException naming the path and the type of what cannot be written */
    void write(Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof Character character) {
            text(character.toString());
        } else if (value instanceof Number number) {
            number(number);
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof List<?> list) {
            list(list);
        } else if (value instanceof Record data) {
            data(data);
        } else if (value.getClass().isArray() && !Refusals.isText(value)) {
            array(value);
        } else {
            throw path.refusal(Refusals.of(value));
        }
    }

    private void text(String text) throws IOException {
        if (hasHalfAPair(text)) {
            throw path.refusal("the text holds half a surrogate pair");
        }
        json.writeString(text);
    }

    private static boolean hasHalfAPair(String text) {
        return text.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE);
    }

    private void number(Number number) throws IOException {
        if (number instanceof Double || number instanceof Float) {
            // A float is written with the value that it has: 0.1f is 0.10000000149011612, as in NumPy.
            finite(number.doubleValue());
        } else if (number instanceof Integer
                || number instanceof Long
                || number instanceof Short
                || number instanceof Byte) {
            json.writeNumber(number.longValue());
        } else if (number instanceof BigInteger whole && whole.getClass() == BigInteger.class) {
            inRange(whole.signum(), whole.doubleValue());
            json.writeNumber(whole);
        } else if (number instanceof BigDecimal decimal && decimal.getClass() == BigDecimal.class) {
            inRange(decimal.signum(), decimal.doubleValue());
            if (decimal.toString().length() > LONGEST_NUMBER) {
                throw path.refusal("the number is longer than " + LONGEST_NUMBER + " characters");
            }
            json.writeNumber(decimal);
        } else {
            throw path.refusal(Refusals.of(number));
        }
    }

    private void finite(double number) throws IOException {
        if (!Double.isFinite(number)) {
            throw path.refusal(number + " is not a JSON number");
        }
        // No reader agrees with another on -0.0: it becomes 0.0.
        json.writeNumber(number + 0.0);
    }

    private void inRange(int sign, double approximate) {
        if (Double.isInfinite(approximate) || approximate == 0 && sign != 0) {
            throw path.refusal("the number is out of the range of a double");
        }
    }

    private void object(Map<?, ?> map) throws IOException {
        path.open(map);
        json.writeStartObject();
        for (Map.Entry<?, ?> member : map.entrySet()) {
            member(key(member.getKey()), member.getValue());
        }
        json.writeEndObject();
        path.close();
    }

    private String key(Object key) {
        if (!(key instanceof String name)) {
            throw path.refusal((key == null ? "null" : Refusals.typeName(key)) + " cannot be a key; make it a text");
        }
        if (name.length() > LONGEST_KEY) {
            throw path.refusal("a key is longer than " + LONGEST_KEY + " characters");
        }
        if (hasHalfAPair(name)) {
            throw path.refusal("a key holds half a surrogate pair");
        }
        return name;
    }

    private void member(String name, Object value) throws IOException {
        json.writeFieldName(name);
        path.enter(name);
        write(value);
        path.leave();
    }

    private void list(List<?> list) throws IOException {
        path.open(list);
        json.writeStartArray();
        int index = 0;
        for (Object element : list) {
            element(index++, element);
        }
        json.writeEndArray();
        path.close();
    }

    private void array(Object array) throws IOException {
        path.open(array);
        json.writeStartArray();
        int length = Array.getLength(array);
        for (int index = 0; index < length; index++) {
            element(index, Array.get(array, index));
        }
        json.writeEndArray();
        path.close();
    }

    private void element(int index, Object value) throws IOException {
        path.enter(index);
        write(value);
        path.leave();
    }

    /** A record is made to be data: an object of its components. */
    private void data(Record data) throws IOException {
        path.open(data);
        json.writeStartObject();
        for (RecordComponent component : data.getClass().getRecordComponents()) {
            member(component.getName(), component(data, component));
        }
        json.writeEndObject();
        path.close();
    }

    private Object component(Record data, RecordComponent component) {
        Method accessor = component.getAccessor();
        if (!accessor.trySetAccessible()) {
            throw path.refusal(Refusals.of(data));
        }
        try {
            return accessor.invoke(data);
        } catch (IllegalAccessException | InvocationTargetException failure) {
            throw new IllegalStateException(component + " cannot be read", failure);
        }
    }
}
