package org.raygateway.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.raygateway.catalogue.CatalogueFiles.MINIMAL;
import static org.raygateway.catalogue.CatalogueFiles.withSchema;
import static org.raygateway.catalogue.CatalogueFiles.write;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {
    @TempDir
    Path directory;

    @Test
    void readsEveryKey() {
        write(
                directory,
                "epidemic.yaml",
                """
                name: epidemic
                title: Epidemic
                description: |
                  Spreads a disease.
                language: python
                entry-point: models.epidemic:Epidemic
                isolation: pooled
                resources: {cpus: 0.5, gpus: 2, memory: 2GiB}
                timeout: 90s
                grace: 250ms
                attempts: 1
                parameters: {type: object, properties: {days: {type: integer}}}
                example: {days: 3}
                """);
        Computation computation = Catalogue.load(directory).find("epidemic").orElseThrow();
        assertThat(computation)
                .extracting(
                        Computation::title,
                        Computation::description,
                        Computation::language,
                        Computation::entryPoint,
                        Computation::isolation,
                        Computation::resources,
                        Computation::timeout,
                        Computation::grace,
                        Computation::attempts)
                .containsExactly(
                        "Epidemic",
                        "Spreads a disease.",
                        Language.PYTHON,
                        "models.epidemic:Epidemic",
                        Isolation.POOLED,
                        new Resources(0.5, 2, 2L << 30),
                        Duration.ofSeconds(90),
                        Duration.ofMillis(250),
                        1);
        assertThat(computation.example().toString()).isEqualTo("{\"days\":3}");
        assertThat(computation.parametersSchema().path("type").asText()).isEqualTo("object");
    }

    @Test
    void fillsInWhatAFileLeavesOut() {
        write(directory, "pi.yaml", MINIMAL);
        Computation computation = Catalogue.load(directory).find("pi").orElseThrow();
        assertThat(computation.isolation()).isEqualTo(Isolation.DEDICATED);
        assertThat(computation.resources()).isEqualTo(new Resources(1, 0, 512L << 20));
        assertThat(computation.timeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(computation.grace()).isEqualTo(Duration.ofSeconds(5));
        assertThat(computation.attempts()).isEqualTo(3);
    }

    @Test
    void listsComputationsByNameAndIgnoresOtherFiles() {
        write(directory, "1.yaml", MINIMAL.replace("name: pi", "name: zeta"));
        write(directory, "2.yaml", MINIMAL.replace("name: pi", "name: alpha"));
        write(directory, "README.md", "not a computation");
        assertThat(Catalogue.load(directory).all())
                .extracting(Computation::name)
                .containsExactly("alpha", "zeta");
        assertThat(Catalogue.load(directory).find("beta")).isEmpty();
    }

    @Test
    void tellsAllErrorsOfAllFilesAtOnce() {
        write(
                directory,
                "a.yaml",
                MINIMAL.replace("title: Pi", "titel: Pi").replace("language: java", "language: cobol"));
        write(directory, "b.yaml", MINIMAL + "timeout: ten minutes\n");
        assertThat(errors())
                .hasSize(4)
                .anySatisfy(error ->
                        assertThat(error).startsWith("a.yaml: `language` must be java or python, got \"cobol\""))
                .anySatisfy(
                        error -> assertThat(error).startsWith("a.yaml: `title` must be a line of text, got nothing"))
                .anySatisfy(error ->
                        assertThat(error).startsWith("a.yaml: `titel` is not a known key; known are attempts,"))
                .anySatisfy(error -> assertThat(error)
                        .startsWith("b.yaml: `timeout` must be a time such as 500ms, 30s, 10m or 2h")
                        .endsWith("got \"ten minutes\""));
    }

    @ParameterizedTest
    @CsvSource({
        "name, Pi, a name that matches",
        "name, a-b, a name that matches",
        "entry-point, 'org.example:Pi', a class name",
        "isolation, shared, dedicated or pooled",
        "isolation, Pooled, dedicated or pooled",
        "timeout, 0s, not zero",
        "timeout, 31d, at most 30d",
        "timeout, 10, a time such as",
        "timeout, -5s, a time such as",
        "grace, 5 years, a time such as",
        "attempts, 0, a whole number in 1..100",
        "attempts, 101, a whole number in 1..100",
        "attempts, 1.5, a whole number in 1..100",
        "title, '', a line of text",
        "resources, 3, an object of",
        "resources, '{cpus: -1}', '`resources/cpus` must be a number, 0 or more'",
        "resources, '{cpus: 1.0e+400}', '`resources/cpus` must be a number, 0 or more'",
        "resources, '{memory: 512MB}', '`resources/memory` must be a size such as 512MiB'",
        "resources, '{memory: 0MiB}', '`resources/memory` must be a size such as 512MiB'",
        "resources, '{memory: 999999999TiB}', '`resources/memory` must be a size such as 512MiB'",
        "resources, '{cpu: 1}', '`resources/cpu` is not a known key; known are cpus, gpus, memory'",
        "example, '[]', an object of parameters",
    })
    void refusesAValueThatWillNotDo(String key, String value, String expected) {
        String others = MINIMAL.replaceAll("(?m)^" + key + ": .*$", "");
        write(directory, "pi.yaml", others + "\n" + key + ": " + (value.isEmpty() ? "''" : value) + "\n");
        assertThat(errors()).singleElement().asString().startsWith("pi.yaml: ").contains(expected);
    }

    @Test
    void refusesTwoComputationsOfOneName() {
        write(directory, "one.yaml", MINIMAL);
        write(directory, "two.yaml", MINIMAL);
        assertThat(errors()).containsExactly("two.yaml: `name` must be unique, got pi, which one.yaml has too");
    }

    @Test
    void refusesAKeyGivenTwice() {
        write(directory, "pi.yaml", MINIMAL + "attempts: 2\nattempts: 3\n");
        assertThat(errors())
                .singleElement()
                .asString()
                .startsWith("pi.yaml: must be one YAML document")
                .contains("attempts");
    }

    @ParameterizedTest
    @CsvSource({"''", "just text", "'[1, 2]'", "'a: [1'", "'a: 1\n---\nb: 2\n'"})
    void refusesAFileThatIsNotOneComputation(String content) {
        write(directory, "pi.yaml", content);
        assertThat(errors()).isNotEmpty().allSatisfy(error -> assertThat(error).startsWith("pi.yaml: "));
    }

    @Test
    void refusesASecondDocumentInAFile() {
        write(directory, "pi.yaml", MINIMAL + "---\n" + MINIMAL.replace("name: pi", "name: tau"));
        assertThat(errors()).singleElement().asString().startsWith("pi.yaml: must be one YAML document");
    }

    @Test
    void refusesAFileThatIsTooLarge() {
        write(directory, "pi.yaml", MINIMAL + "#".repeat(300_000));
        assertThat(errors())
                .singleElement()
                .asString()
                .startsWith("pi.yaml: must be at most 262144 bytes long, got 300");
    }

    @Test
    void refusesAFileThatWouldBePassedOver() {
        write(directory, "pi.yml", MINIMAL);
        assertThat(errors()).containsExactly("pi.yml: must end in .yaml to be read; rename it");
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        directory = directory.resolve("nowhere");
        assertThat(errors())
                .singleElement()
                .asString()
                .endsWith("must be a directory that can be read; make it, or name another");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: array} | `parameters/type` must be \"object\", got \"array\"",
                "{properties: {}} | `parameters/type` must be \"object\", got nothing",
                "{type: object, properties: {n: {minimum: low}}} | `parameters/properties/n/minimum` must be of type number, got \"low\"",
                "{type: object, requierd: [n]} | `parameters/requierd` is not a keyword of JSON Schema 2020-12",
                "{type: object, properties: {n: {type: integer, minimun: 1}}} | `parameters/properties/n/minimun` is not a keyword",
                "{type: object, properties: {a: {items: {anyOf: [{maximun: 1}]}}}} | `parameters/properties/a/items/anyOf/0/maximun` is not",
                "{type: object, $defs: {n: {minimun: 1}}} | `parameters/$defs/n/minimun` is not a keyword",
                "{type: object, properties: {n: {type: int}}} | `parameters/properties/n/type`",
                "{type: object, $schema: 'http://json-schema.org/draft-07/schema#'} | `parameters/$schema` must be",
                "{type: object, properties: {n: {$ref: 'https://example.com/n.json'}}} | `parameters/properties/n/$ref` must refer to this schema itself",
                "{type: object, properties: {n: {$ref: 'file:///etc/passwd'}}} | `parameters/properties/n/$ref` must refer to this schema itself",
                "{type: object, properties: {n: {$ref: '#/$defs/missing'}}} | `parameters` must be a sound schema",
                "{type: object, properties: {n: {pattern: '('}}} | `parameters",
                "{type: object, properties: {n: {type: integer, default: many}}} | `parameters/properties/n/default` must be of type integer, got \"many\"",
                "{type: object, properties: {o: {type: object, properties: {n: {minimum: 5, default: 4}}}}} | `parameters/properties/o/properties/n/default` must be at least 5, got 4",
            })
    void refusesASchemaThatIsNotSound(String schema, String expected) {
        write(directory, "pi.yaml", withSchema(schema, "{}"));
        assertThat(errors()).isNotEmpty().allSatisfy(error -> assertThat(error).startsWith("pi.yaml: " + expected));
    }

    @Test
    void takesAnnotationsOfItsOwn() {
        write(
                directory,
                "pi.yaml",
                withSchema("{type: object, x-form: {order: [n]}, properties: {n: {x-unit: m}}}", "{}"));
        assertThat(Catalogue.load(directory).all()).hasSize(1);
    }

    @Test
    void refusesAnExampleThatDoesNotFitItsSchema() {
        write(directory, "pi.yaml", MINIMAL.replace("{iterations: 1000}", "{iterations: 0, sead: 1}"));
        assertThat(errors())
                .containsExactlyInAnyOrder(
                        "pi.yaml: `example/iterations` must be at least 1, got 0",
                        "pi.yaml: `example/sead` is not a known parameter");
    }

    private List<String> errors() {
        CatalogueException refused = catchThrowableOfType(CatalogueException.class, () -> Catalogue.load(directory));
        assertThat(refused).as("the catalogue was accepted").isNotNull();
        assertThat(refused).hasMessageContaining(refused.errors().get(0));
        return refused.errors();
    }
}
