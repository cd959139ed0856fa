package org.raygateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void alignsNamesAndIndentsWhatIsNested() throws IOException {
        assertThat(print("{\"price\":1.5,\"greeks\":{\"delta\":0.5,\"vega\":12},\"kind\":\"asian\"}"))
                .containsExactly("price   1.5", "greeks", "  delta  0.5", "  vega   12", "kind    asian");
    }

    @Test
    void showsBothEndsOfALongTrace() throws IOException {
        String trace = IntStream.range(0, 50).mapToObj(i -> "{\"n\":" + i + "}").collect(Collectors.joining(","));
        assertThat(print("{\"trace\":[" + trace + "]}"))
                .containsExactly(
                        "trace",
                        "  - {\"n\":0}",
                        "  - {\"n\":1}",
                        "  - {\"n\":2}",
                        "  ... 50 in all",
                        "  - {\"n\":47}",
                        "  - {\"n\":48}",
                        "  - {\"n\":49}");
    }

    @Test
    void cutsALongRowOfNumbers() throws IOException {
        assertThat(print("{\"row\":[1,2,3,4,5,6,7,8,9,10]}"))
                .containsExactly("row  [1, 2, 3, 4, 5, 6, 7, 8, ... 10 in all]");
    }

    @Test
    void letsNoControlCharacterReachTheTerminal() throws IOException {
        assertThat(print("{\"text\":\"a\\u001b[31mb\\nc\"}")).containsExactly("text  a [31mb c");
    }

    private static List<String> print(String json) throws IOException {
        StringWriter out = new StringWriter();
        new Printable(new PrintWriter(out, true)).print(Json.MAPPER.readTree(json));
        return out.toString().lines().toList();
    }
}
