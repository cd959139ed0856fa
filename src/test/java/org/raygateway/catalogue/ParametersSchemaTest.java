package org.raygateway.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raygateway.catalogue.CatalogueFiles.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMA =
            """
            {type: object, additionalProperties: false, required: [n], properties: {
              n: {type: integer, minimum: 1, maximum: 10},
              open: {type: number, exclusiveMinimum: 0, exclusiveMaximum: 1},
              even: {type: integer, multipleOf: 2},
              kind: {enum: [call, put]},
              word: {type: string, minLength: 2, maxLength: 3, pattern: '^[a-z]*$'},
              list: {type: array, minItems: 1, maxItems: 2, uniqueItems: true, items: {type: integer}},
              either: {type: [integer, 'null']},
              inner: {type: object, required: [x], properties: {x: {type: integer}, y: {type: integer, default: 7}}},
              settings: {type: object, default: {}, properties: {depth: {type: integer, default: 3}}},
              rows: {type: array, items: {$ref: '#/$defs/row'}}},
             $defs: {row: {type: object, properties: {weight: {type: number, default: 0.5}}}}}"""
                    .replace("\n", " ");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'n':0} | `/n` must be at least 1, got 0",
                "{'n':11} | `/n` must be at most 10, got 11",
                "{'n':'5'} | `/n` must be of type integer, got \"5\"",
                "{'n':null} | `/n` must be of type integer, got null",
                "{} | `/n` is required",
                "{'n':1,'m':2} | `/m` is not a known parameter",
                "{'n':1,'a/b~':2} | `/a~1b~0` is not a known parameter",
                "{'n':1,'open':0} | `/open` must be greater than 0, got 0",
                "{'n':1,'open':1} | `/open` must be less than 1, got 1",
                "{'n':1,'even':3} | `/even` must be a multiple of 2, got 3",
                "{'n':1,'kind':'swap'} | `/kind` must be one of [\"call\",\"put\"], got \"swap\"",
                "{'n':1,'word':'a'} | `/word` must have at least 2 characters, got \"a\"",
                "{'n':1,'word':'abcd'} | `/word` must have at most 3 characters, got \"abcd\"",
                "{'n':1,'word':'AB'} | `/word` must match \"^[a-z]*$\", got \"AB\"",
                "{'n':1,'list':[]} | `/list` must have at least 1 items, got 0",
                "{'n':1,'list':[1,2,3]} | `/list` must have at most 2 items, got 3",
                "{'n':1,'list':[1,1]} | `/list` must not hold the same item twice",
                "{'n':1,'list':[1,'b']} | `/list/1` must be of type integer, got \"b\"",
                "{'n':1,'either':'x'} | `/either` must be of type integer or null, got \"x\"",
                "{'n':1,'inner':{}} | `/inner/x` is required",
            })
    void saysWhatWasExpectedAndWhatCame(String parameters, String expected) {
        assertThat(refused(computation().check(json(parameters))))
                .extracting(ParameterError::toString)
                .containsExactly(expected);
    }

    @Test
    void fillsInDefaultsAtEveryDepth() {
        ObjectNode given = json("{'n':1,'inner':{'x':2},'rows':[{},{'weight':1}]}");
        assertThat(computation().check(given))
                .isEqualTo(new ParametersCheck.Accepted(json(
                        "{'n':1,'inner':{'x':2,'y':7},'rows':[{'weight':0.5},{'weight':1}],'settings':{'depth':3}}")));
    }

    @Test
    void leavesWhatItIsGivenAsItWas() {
        ObjectNode given = json("{'n':1,'inner':{'x':2}}");
        computation().check(given);
        assertThat(given).isEqualTo(json("{'n':1,'inner':{'x':2}}"));
    }

    @Test
    void givesEachCallerItsOwnCopyOfADefault() {
        Computation computation = computation();
        ((ParametersCheck.Accepted) computation.check(json("{'n':1}")))
                .parameters()
                .withObject("/settings")
                .put("depth", 99);
        assertThat(computation.check(json("{'n':1}")))
                .isEqualTo(new ParametersCheck.Accepted(json("{'n':1,'settings':{'depth':3}}")));
    }

    @Test
    void endsTheDefaultsOfASchemaThatRefersToItself() {
        Computation computation =
                load(directory, "{type: object, properties: {child: {$ref: '#', default: {}}}}", "{}");
        assertThat(computation.check(json("{}"))).isInstanceOf(ParametersCheck.Accepted.class);
    }

    @Test
    void keepsPresentValuesThatEqualNull() {
        assertThat(computation().check(json("{'n':1,'either':null,'settings':{}}")))
                .isEqualTo(new ParametersCheck.Accepted(json("{'n':1,'either':null,'settings':{'depth':3}}")));
    }

    @Test
    void doesNotEchoLongValuesOrNames() {
        String name = "k".repeat(10_000);
        List<ParameterError> errors =
                refused(computation().check(json("{'n':'" + "v".repeat(10_000) + "','" + name + "':1}")));
        assertThat(errors).hasSize(2).allSatisfy(error -> assertThat(error.toString())
                .hasSizeLessThan(400));
    }

    @Test
    void boundsHowManyErrorsItTells() {
        String many = IntStream.range(0, 200).mapToObj(i -> "'k" + i + "':1").collect(Collectors.joining(","));
        assertThat(refused(computation().check(json("{'n':1," + many + "}")))).hasSize(ParametersSchema.MAX_ERRORS);
    }

    @Test
    void looksForOneErrorOnlyAmongVeryManyValues() {
        String many = IntStream.range(0, 5_000).mapToObj(i -> "'x'").collect(Collectors.joining(","));
        assertThat(refused(computation().check(json("{'n':1,'rows':[" + many + "]}"))))
                .singleElement()
                .extracting(ParameterError::pointer)
                .isEqualTo("/rows/0");
    }

    @Test
    void checksForManyThreadsAtOnce() {
        Computation computation = computation();
        assertThat(IntStream.range(0, 2_000).parallel().allMatch(i -> {
                    ParametersCheck check = computation.check(json("{'n':" + i % 20 + ",'rows':[{}]}"));
                    return check instanceof ParametersCheck.Accepted == (i % 20 >= 1 && i % 20 <= 10);
                }))
                .isTrue();
    }

    private Computation computation() {
        return load(directory, SCHEMA, "{n: 1}");
    }

    private static List<ParameterError> refused(ParametersCheck check) {
        assertThat(check).isInstanceOf(ParametersCheck.Refused.class);
        return ((ParametersCheck.Refused) check).errors();
    }

    private static ObjectNode json(String singleQuoted) {
        try {
            return (ObjectNode) JSON.readTree(singleQuoted.replace('\'', '"'));
        } catch (JsonProcessingException mistake) {
            throw new IllegalArgumentException(mistake);
        }
    }
}
