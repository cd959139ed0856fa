package org.raygateway.ray.actor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.raygateway.ray.ComputationException;

/**
 * Writes results, which travel inside a status message and so must fit into one. {@code raygateway/results.py} follows the same
 * rule; {@code src/test/resources/results/vectors.json} has it case by case.
 */
final class Results {
    /** A standard Service Bus message holds 256 KiB; the rest is for the message around the result. */
    static final int MOST_BYTES = 256 * 1024 - 8 * 1024;

    // Four bytes for what would else be written as twelve.
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private Results() {}

    /**
     * The result as JSON text, of which at most {@link #MOST_BYTES} bytes of UTF-8.
     *
     * @throws ComputationException where it is missing, too large, or holds what JSON cannot: with its path and type
     */
    static String toJson(Map<String, Object> result) {
        if (result == null) {
            throw new ComputationException("the computation returned no result");
        }
        BoundedBytes bytes = new BoundedBytes(MOST_BYTES);
        try {
            // Not closed where it fails: closing would write on.
            JsonGenerator json = FACTORY.createGenerator(bytes);
            new ResultWriter(json).write(result);
            json.close();
        } catch (BoundedBytes.Full tooLarge) {
            throw new ComputationException("the result is too large: at most " + MOST_BYTES
                    + " bytes of JSON fit into a status message; ask for fewer values");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
