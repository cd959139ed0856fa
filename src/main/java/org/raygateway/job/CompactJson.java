package org.raygateway.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;

/**
 * Copies a JSON value without the space between its tokens, so that it is one line of an event stream. Numbers keep their
 * text, hence every digit, and are never made into one: {@code 1e999999999} is short to write and long to hold.
 */
final class CompactJson {
    /** Four digits of exponent: far beyond a double's, and harmless to whoever expands it. */
    private static final int LONGEST_EXPONENT = 4;

    private static final JsonFactory FACTORY = new JsonFactory();

    private CompactJson() {}

    /** @param json stands at the value's first token, and at its last one afterwards */
    static String copy(JsonParser json) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator copy = FACTORY.createGenerator(text)) {
            int depth = 0;
            for (JsonToken token = json.currentToken(); ; token = json.nextToken()) {
                write(token, json, copy);
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    break;
                }
            }
        }
        return text.toString();
    }

    private static void write(JsonToken token, JsonParser json, JsonGenerator copy) throws IOException {
        switch (token) {
            case FIELD_NAME -> copy.writeFieldName(json.currentName());
            case VALUE_STRING -> copy.writeString(json.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> copy.writeNumber(bounded(json.getText()));
            default -> copy.copyCurrentEvent(json);
        }
    }

    private static String bounded(String number) {
        int exponent = Math.max(number.indexOf('e'), number.indexOf('E'));
        if (exponent >= 0
                && number.substring(exponent + 1).replaceFirst("^[+-]?0*", "").length() > LONGEST_EXPONENT) {
            throw new IllegalArgumentException("a number's exponent in `result` must lie in -9999..9999");
        }
        return number;
    }
}
