package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Decimal128;
import org.apache.qpid.proton.amqp.Decimal32;
import org.apache.qpid.proton.amqp.Decimal64;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedByte;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.UnsignedShort;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters and the types that clients in other languages send, each through the encoding. */
class FilterTypesTest {

    private static final UUID ID = UUID.fromString("0b2f5f4e-6a0e-4c3c-9a4e-0b7f6a1d2c3e");
    private static final UnsignedLong TWO_TO_THE_63 = UnsignedLong.valueOf(BigInteger.ONE.shiftLeft(63));

    private final MessageCodec codec = new MessageCodec();

    private MessageView view(Object value) {
        Message message = Message.Factory.create();
        message.setApplicationProperties(new ApplicationProperties(Map.of("value", value)));
        message.setBody(new AmqpValue("body"));
        return new MessageView(codec, codec.parse(codec.encode(message)));
    }

    private boolean sql(Object value, String condition) {
        return new RuleFilter.Sql(new SqlCondition(condition)).matches(view(value));
    }

    private boolean correlation(Object value, Object wanted) {
        return new RuleFilter.Correlation(Map.of(), Map.of("value", wanted)).matches(view(value));
    }

    /** Seven, as every type of number there is. */
    static Stream<Object> sevens() {
        return Stream.of(
                UnsignedByte.valueOf((byte) 7),
                UnsignedShort.valueOf((short) 7),
                UnsignedInteger.valueOf(7),
                UnsignedLong.valueOf(7),
                (byte) 7,
                (short) 7,
                7,
                7L,
                7f,
                7d,
                new Decimal32(0x32800007),
                new Decimal64(0x31C0000000000007L),
                new Decimal64(0x31A0000000000046L),
                new Decimal128(0x3040000000000000L, 7));
    }

    @ParameterizedTest
    @MethodSource("sevens")
    void comparesEveryTypeOfNumber(Object seven) {
        assertThat(sql(seven, "value = 7 AND value <> 8 AND value > 6.5 AND value <= 7.0 AND value IN (1, 7)"))
                .isTrue();
        assertThat(sql(seven, "value BETWEEN 7 AND 7 AND value + 1 = 8 AND -value < 0"))
                .isTrue();
        assertThat(sql(seven, "value > 7 OR value < 7 OR value = 8")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("sevens")
    void correlatesEveryTypeOfNumberWithEveryOther(Object seven) {
        assertThat(sevens()).allMatch(other -> correlation(seven, other));
        assertThat(correlation(seven, 8)).isFalse();
        assertThat(correlation(seven, "7")).isFalse();
    }

    static Stream<Arguments> exact() {
        return Stream.of(
                Arguments.of(TWO_TO_THE_63, "value = 9223372036854775808"),
                Arguments.of(UnsignedLong.valueOf(-1L), "value = 18446744073709551615 AND value > 9223372036854775807"),
                Arguments.of(9_007_199_254_740_993L, "value = 9007199254740993 AND value <> 9007199254740992.0"),
                Arguments.of(9_007_199_254_740_992d, "value < 9007199254740993"),
                Arguments.of(0x1p63, "value = 9223372036854775808"),
                Arguments.of(Long.MIN_VALUE, "value = -9223372036854775808"),
                Arguments.of(Long.MAX_VALUE, "value + 1 = 9223372036854775808"),
                Arguments.of(UnsignedByte.valueOf((byte) 0xff), "value = 255"),
                Arguments.of(UnsignedShort.valueOf((short) 0xffff), "value = 65535"),
                Arguments.of(UnsignedInteger.valueOf(-1), "value = 4294967295"),
                Arguments.of(0.1f, "value = 0.1"),
                Arguments.of(0.1d, "value = 0.1 AND value = 1e-1"),
                Arguments.of(Double.POSITIVE_INFINITY, "value > 1e300"),
                Arguments.of(Float.NEGATIVE_INFINITY, "value < -1e300"),
                Arguments.of(new Decimal32(0xB2800007), "value = -7"),
                Arguments.of(new Decimal32(0x6CB8967F), "value = 9999999"),
                Arguments.of(new Decimal32(0x78000000), "value > 1e300"),
                Arguments.of(new Decimal64(0x31A0000000000001L), "value = 0.1"));
    }

    @ParameterizedTest
    @MethodSource
    void exact(Object value, String condition) {
        assertThat(sql(value, condition)).isTrue();
    }

    @Test
    void whatIsNoNumberComparesWithNone() {
        assertThat(List.of("value = value", "value <> 1", "value < 1", "value > 1", "value IN (1)", "value + 1 > 0"))
                .noneMatch(condition -> sql(Double.NaN, condition));
        assertThat(sql(Double.NaN, "value IS NOT NULL")).isTrue();
        assertThat(sql(new Decimal64(0x7C00000000000000L), "value <> 1")).isFalse();
    }

    @Test
    void longAndDoubleCorrelateExactly() {
        assertThat(correlation(9_007_199_254_740_993L, 9_007_199_254_740_992d)).isFalse();
        assertThat(correlation(TWO_TO_THE_63, 0x1p63)).isTrue();
        assertThat(correlation(TWO_TO_THE_63, Long.MIN_VALUE)).isFalse();
    }

    @Test
    void otherTypesCorrelateToo() {
        Date time = new Date(1_700_000_000_000L);
        assertThat(correlation(Symbol.valueOf("red"), "red")).isTrue();
        assertThat(correlation("red", Symbol.valueOf("red"))).isTrue();
        assertThat(correlation('r', "r")).isTrue();
        assertThat(correlation(ID, ID.toString())).isTrue();
        assertThat(correlation(ID, ID)).isTrue();
        assertThat(correlation(true, true)).isTrue();
        assertThat(correlation(true, "true")).isFalse();
        assertThat(correlation(time, new Date(time.getTime()))).isTrue();
        assertThat(correlation(time, new Date(0))).isFalse();
        assertThat(correlation(new Binary(new byte[] {1, 2}), new Binary(new byte[] {1, 2})))
                .isTrue();
    }

    @Test
    void otherTypesAreComparedInSqlToo() {
        assertThat(sql(Symbol.valueOf("red"), "value = 'red' AND value LIKE 'r%'"))
                .isTrue();
        assertThat(sql('r', "value = 'r'")).isTrue();
        assertThat(sql(ID, "value = '" + ID + "'")).isTrue();
        assertThat(sql(false, "value = FALSE AND NOT value")).isTrue();
        assertThat(sql(new Date(5), "value = value AND EXISTS(value)")).isTrue();
        assertThat(sql(new Date(5), "value = 5 OR value <> 5 OR value > 'a'")).isFalse();
        assertThat(sql(new Binary(new byte[] {1}), "value = value")).isTrue();
    }

    @Test
    void numbersOfAnySizeCostLittle() {
        Decimal128 huge = new Decimal128(0x5FFFED09BEAD87C0L, 0x378D8E63FFFFFFFFL);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertThat(sql(huge, "value > 1e308 AND value + 0.1 > 1 AND 1 / value < 1"))
                    .isTrue();
            assertThat(sql(huge, "value" + " * value".repeat(100) + " % 7 = 1")).isFalse();
        });
    }

    @Test
    void noPatternIsSlow() {
        String text = "a".repeat(60_000);
        String pattern = "%a".repeat(450) + "%b";
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThat(sql(text, "value LIKE '" + pattern + "'")).isFalse());
    }
}
