package org.raygateway.catalogue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes catalogue files for tests. */
final class CatalogueFiles {
    static final String MINIMAL =
            """
            name: pi
            title: Pi
            description: Finds pi.
            language: java
            entry-point: org.example.Pi
            parameters:
              type: object
              additionalProperties: false
              required: [iterations]
              properties:
                iterations: {type: integer, minimum: 1, maximum: 1000000}
                seed: {type: integer, default: 42}
            example: {iterations: 1000}
            """;

    private CatalogueFiles() {}

    static void write(Path directory, String file, String content) {
        try {
            Files.writeString(directory.resolve(file), content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A computation whose schema and example are these, in YAML's one-line form. */
    static String withSchema(String schema, String example) {
        return """
                name: pi
                title: Pi
                description: Finds pi.
                language: java
                entry-point: org.example.Pi
                parameters: %s
                example: %s
                """
                .formatted(schema, example);
    }

    static Computation load(Path directory, String schema, String example) {
        write(directory, "pi.yaml", withSchema(schema, example));
        return Catalogue.load(directory).find("pi").orElseThrow();
    }
}
