package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.junit.jupiter.api.Test;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/** Rules on their way from a client's request to the file and back. */
class RuleCodecTest {

    private final MessageCodec codec = new MessageCodec();

    private static Map<String, Object> typed() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("uint", UnsignedInteger.valueOf(7));
        properties.put("ulong", UnsignedLong.valueOf(BigInteger.ONE.shiftLeft(63)));
        properties.put("long", Long.MAX_VALUE);
        properties.put("double", 0.1);
        properties.put("time", new Date(1_700_000_000_000L));
        properties.put("id", UUID.fromString("0b2f5f4e-6a0e-4c3c-9a4e-0b7f6a1d2c3e"));
        properties.put("symbol", Symbol.valueOf("s"));
        properties.put("flag", true);
        return properties;
    }

    @Test
    void keepsFiltersWithTheTypesOfTheirValues() {
        Map<String, RuleFilter> rules = new LinkedHashMap<>();
        rules.put("typed", new RuleFilter.Correlation(Map.of("Label", "l", "ContentType", "c"), typed()));
        rules.put("sql", new RuleFilter.Sql(new SqlCondition("a > 1")));
        rules.put("all", new RuleFilter.Constant(true));
        rules.put("none", new RuleFilter.Constant(false));

        Map<String, RuleFilter> kept = RuleCodec.decode(codec, RuleCodec.encode(codec, rules));

        assertThat(kept).containsExactlyEntriesOf(rules);
    }

    @Test
    void keepsThatThereAreNoRules() {
        assertThat(RuleCodec.decode(codec, RuleCodec.encode(codec, Map.of()))).isEmpty();
    }

    @Test
    void readsACorrelationFilterAsClientsSendIt() {
        Map<Object, Object> fields = new HashMap<>();
        fields.put("label", "l");
        fields.put(Symbol.valueOf("message-id"), "m");
        fields.put("to", null);
        fields.put("properties", typed());

        assertThat(RuleRequest.filter(Map.of("correlation-filter", fields)))
                .isEqualTo(new RuleFilter.Correlation(Map.of("Label", "l", "MessageId", "m"), typed()));
    }

    @Test
    void refusesWhatIsNoRule() {
        assertRefused(null);
        assertRefused(Map.of());
        assertRefused(Map.of("sql-filter", "1=1"));
        assertRefused(Map.of("sql-filter", Map.of()));
        assertRefused(Map.of("sql-filter", Map.of("expression", "1=1"), "correlation-filter", Map.of("label", "l")));
        assertRefused(Map.of("correlation-filter", Map.of("labels", "l")));
        assertRefused(Map.of("correlation-filter", Map.of("label", 7)));
        assertRefused(Map.of("correlation-filter", Map.of("properties", Map.of("list", List.of(1)))));
        assertRefused(Map.of("correlation-filter", Map.of("properties", Map.of(7, "number as a key"))));
    }

    private static void assertRefused(Map<?, ?> description) {
        assertThatThrownBy(() -> RuleRequest.filter(description))
                .isInstanceOfSatisfying(
                        AmqpException.class, e -> assertThat(e.condition()).isEqualTo(Condition.ARGUMENT_ERROR));
    }
}
