package org.raygateway.ray;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a job. The gateway has checked them against the catalogue's schema and filled in its defaults; the
 * getters check again, since a computation may also be started by other means.
 *
 * @param values JSON values by name: strings, numbers, booleans, lists and maps
 */
public record Parameters(Map<String, Object> values) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    public Parameters {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * Reads a JSON object.
     *
     * @throws ComputationException where the text is anything else
     */
    public static Parameters parse(String json) {
        try {
            Map<String, Object> values = JSON.readValue(json, OBJECT);
            if (values != null) {
                return new Parameters(values);
            }
        } catch (JsonProcessingException malformed) {
            // Said below without the text, which may be anything.
        }
        throw new ComputationException("the parameters must be a JSON object");
    }

    /** The JSON text again, for a part of the computation that runs elsewhere. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public boolean has(String name) {
        return values.get(name) != null;
    }

    /**
     * A whole number; {@code 1e6} counts as one.
     *
     * @throws ComputationException where it is missing, something else, or not in {@code minimum..maximum}
     */
    public long whole(String name, long minimum, long maximum) {
        Object value = required(name);
        boolean isWhole = value instanceof Integer
                || value instanceof Long
                || value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15;
        if (!isWhole) {
            throw new ComputationException("`" + name + "` must be a whole number");
        }
        long number = ((Number) value).longValue();
        if (number < minimum || number > maximum) {
            throw outOfRange(name, minimum, maximum, number);
        }
        return number;
    }

    /**
     * A finite number.
     *
     * @throws ComputationException where it is missing, something else, or not in {@code minimum..maximum}
     */
    public double decimal(String name, double minimum, double maximum) {
        if (!(required(name) instanceof Number value)) {
            throw new ComputationException("`" + name + "` must be a number");
        }
        double number = value.doubleValue();
        if (!(number >= minimum && number <= maximum)) {
            throw outOfRange(name, minimum, maximum, number);
        }
        return number;
    }

    /**
     * One of a few words.
     *
     * @throws ComputationException where it is missing or another word
     */
    public String choice(String name, List<String> choices) {
        if (!(required(name) instanceof String word) || !choices.contains(word)) {
            throw new ComputationException("`" + name + "` must be one of " + String.join(", ", choices));
        }
        return word;
    }

    private Object required(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new ComputationException("`" + name + "` is missing");
        }
        return value;
    }

    private static ComputationException outOfRange(String name, Object minimum, Object maximum, Object value) {
        return new ComputationException("`" + name + "` must lie in " + minimum + ".." + maximum + ", got " + value);
    }
}
