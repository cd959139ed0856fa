package org.raygateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "n=1 | {'n':1}",
                "n=-1 | {'n':-1}",
                "n=100.00 | {'n':100.00}",
                "n=12345678901234567890.5 | {'n':12345678901234567890.5}",
                "b=true | {'b':true}",
                "z=null | {'z':null}",
                "l=[1,2] | {'l':[1,2]}",
                "o={'a':1} | {'o':{'a':1}}",
                "s=asian | {'s':'asian'}",
                "s='7' | {'s':'7'}",
                "s=1 2 | {'s':'1 2'}",
                "s=[1, | {'s':'[1,'}",
                "s=NaN | {'s':'NaN'}",
                "s=a=b | {'s':'a=b'}",
                "s= | {'s':''}",
                "a.b.c=1 | {'a':{'b':{'c':1}}}"
            })
    void readsAValueAsJsonWhereItIsJson(String assignment, String expected) {
        String typed = assignment.replace('\'', '"');
        assertThat(Json.line(ParameterText.assign(ParameterText.empty(), List.of(typed))))
                .isEqualTo(expected.replace('\'', '"'));
    }

    @Test
    void laterAssignmentsOverrideEarlierOnesAndTheFile() throws IOException {
        var file = ParameterText.object("{\"a\": 1, \"m\": {\"x\": 1, \"y\": 2}}".getBytes(StandardCharsets.UTF_8));
        assertThat(Json.line(ParameterText.assign(file, List.of("a=2", "m.x=3", "a=4"))))
                .isEqualTo("{\"a\":4,\"m\":{\"x\":3,\"y\":2}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iterations", "=1", "a..b=1", ".a=1", "a.=1"})
    void saysWhatWasExpectedAndWhatCame(String assignment) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParameterText.assign(ParameterText.empty(), List.of(assignment)))
                .withMessageContaining("expected")
                .withMessageContaining("`" + assignment + "`");
    }

    @Test
    void refusesAMemberOfAPlainValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParameterText.assign(ParameterText.empty(), List.of("a=1", "a.b=2")))
                .withMessageContaining("`a`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "1", "{", "{} {}", "{\"a\":1,\"a\":2}"})
    void refusesAFileThatIsNotOneJsonObject(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParameterText.object(text.getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("--parameters must hold a JSON object");
    }
}
