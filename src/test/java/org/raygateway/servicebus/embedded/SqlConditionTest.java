package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlConditionTest {

    private final MessageCodec codec = new MessageCodec();

    private boolean matches(String expression) {
        Message message = Message.Factory.create();
        message.setSubject("Apple pie");
        message.setMessageId("id-1");
        Map<String, Object> properties =
                new HashMap<>(Map.of("color", "red", "weight", 7, "fresh", true, "a color", "blue", "zero", 0));
        message.setApplicationProperties(new ApplicationProperties(properties));
        message.setBody(new AmqpValue("body"));
        return new SqlCondition(expression).matches(new MessageView(codec, codec.parse(codec.encode(message))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1=1",
                "color = 'red'",
                "user.color = 'red' AND weight > 5",
                "sys.Label LIKE 'Apple%'",
                "sys.Subject LIKE '_pple%p_e'",
                "sys.messageId = 'id-1'",
                "[color] IN ('red', 'green')",
                "[a color] = 'blue' and \"a color\" <> 'red'",
                "weight IN (1, 7)",
                "weight NOT IN (1, 2) AND color NOT LIKE 'b%'",
                "sys.[Label] != 'user.color'",
                "EXISTS(weight) AND NOT EXISTS(missing)",
                "missing IS NULL OR weight BETWEEN 1 AND 2",
                "weight not between 8 and 9",
                "fresh = TRUE",
                "fresh",
                "NOT (fresh = false)",
                "color > 'blue' AND color < 'rex'",
                "(weight + 1) * 2 = 16",
                "weight / 2 = 3.5",
                "weight % 4 - 3 = 0",
                "-weight = -7 AND - - weight = +7",
                "1e1 = 10 AND .5 < 0.6",
                "missing = 1 OR weight = 7",
                "color = 'it''s' OR color = 'red'",
                "color LIKE 'r!%d' ESCAPE '!' OR color LIKE 'r!ed' ESCAPE '!'"
            })
    void takesMessagesThatMatch(String expression) {
        assertThat(matches(expression)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1=0",
                "color = 'sys.Label'",
                "weight < 5",
                "missing = 'x'",
                "missing != 'x'",
                "NOT (missing = 'x')",
                "missing = 1 AND weight = 7",
                "sys.CorrelationId IS NOT NULL",
                "color > 5",
                "color != 5",
                "weight = '7'",
                "weight / zero = 1",
                "weight / zero != 1",
                "weight % zero = 0",
                "weight LIKE '7'",
                "missing NOT IN (1, 2)",
                "color LIKE 're'",
                "color LIKE 'r!%d' ESCAPE '!'",
                "color",
                "NULL = NULL",
                "Color = 'red'"
            })
    void leavesMessagesThatDoNot(String expression) {
        assertThat(matches(expression)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ''                      | 1 to 1024
            color ==                | expected a value, got '='
            SELECT 1                | '1' comes where
            color = 'red            | character 9
            color =                 | got the end
            weight > @limit         | parameters
            newid() = 'x'           | functions such as newid()
            sys.Nothing = 1         | there is no property sys.Nothing
            other.color = 'x'       | there is no property other.color
            color IN ()             | expected a value
            color NOT 'red'         | expected IN, LIKE or BETWEEN
            color LIKE red          | LIKE needs a text
            color LIKE 'a' ESCAPE 'bc' | one character
            color LIKE 'a!' ESCAPE '!' | escape character
            (color = 'red'          | expected )
            XPATH '//a'             | comes where
            weight = 1e999          | out of range
            """)
    void refusesWhatItCannotParseAndSaysWhy(String expression, String why) {
        assertThatThrownBy(() -> new SqlCondition(expression == null ? "" : expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "NOT ", "EXISTS(a) AND NOT ("})
    void refusesToNestDeeply(String opening) {
        assertThatThrownBy(() -> new SqlCondition(opening.repeat(1_000 / opening.length())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("levels deep");
    }

    @Test
    void takesLongConditions() {
        assertThat(matches("color = 'x' OR ".repeat(60) + "color = 'red'")).isTrue();
        assertThat(matches("weight = " + "-".repeat(900) + "7")).isTrue();
    }

    @Test
    void keepsTheExpressionAsWritten() {
        assertThat(new SqlCondition("sys.Label != 'a'").expression()).isEqualTo("sys.Label != 'a'");
    }

    @Test
    void isEqualToOneWrittenTheSame() {
        assertThat(new SqlCondition("a = 1"))
                .isEqualTo(new SqlCondition("a = 1"))
                .isNotEqualTo(new SqlCondition("a=1"));
    }
}
