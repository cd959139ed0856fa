package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlConditionTest {

    private final MessageCodec codec = new MessageCodec();

    private boolean matches(String expression) {
        Message message = Message.Factory.create();
        message.setSubject("Apple pie");
        message.setMessageId("id-1");
        message.setApplicationProperties(new ApplicationProperties(Map.of("color", "red", "weight", 7, "fresh", true)));
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
                "sys.messageId = 'id-1'",
                "[color] IN ('red', 'green')",
                "sys.[Label] != 'user.color'",
                "EXISTS(weight) AND NOT EXISTS(missing)",
                "missing IS NULL OR weight BETWEEN 1 AND 2",
                "fresh = TRUE",
                "(weight + 1) * 2 = 16"
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
                "sys.CorrelationId IS NOT NULL",
                "color > 5"
            })
    void leavesMessagesThatDoNot(String expression) {
        assertThat(matches(expression)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "color ==", "SELECT 1", "color = 'red"})
    void refusesWhatItCannotParse(String expression) {
        assertThatThrownBy(() -> new SqlCondition(expression)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsTheExpressionAsWritten() {
        assertThat(new SqlCondition("sys.Label != 'a'").expression()).isEqualTo("sys.Label != 'a'");
    }
}
