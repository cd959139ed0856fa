package org.raygateway.servicebus.embedded;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Date;
import java.util.Objects;
import java.util.UUID;
import org.apache.qpid.proton.amqp.Decimal128;
import org.apache.qpid.proton.amqp.Decimal32;
import org.apache.qpid.proton.amqp.Decimal64;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedLong;

/**
 * What filters compare. Clients send a number as whatever type their language has (JavaScript: {@code uint}, {@code int} or
 * {@code double}), so all numbers become exact decimals; symbols, characters and UUIDs become texts.
 */
final class FilterValue {

    private FilterValue() {}

    /** A decimal, text, boolean, date or null; a double that is no number; or what was given, of another type. */
    static Object of(Object amqp) {
        if (amqp instanceof Number number) {
            return number(number);
        }
        return amqp instanceof Symbol || amqp instanceof Character || amqp instanceof UUID ? amqp.toString() : amqp;
    }

    private static Object number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            return Double.isFinite(number.doubleValue()) ? normal(finite(number)) : (Object) number.doubleValue();
        }
        if (number instanceof Decimal32 decimal) {
            return decimal(BigInteger.valueOf(decimal.getBits()), 32, 8);
        }
        if (number instanceof Decimal64 decimal) {
            return decimal(BigInteger.valueOf(decimal.getBits()), 64, 10);
        }
        if (number instanceof Decimal128 decimal) {
            return decimal(new BigInteger(decimal.asBytes()), 128, 14);
        }
        if (number instanceof UnsignedLong unsigned) {
            return normal(new BigDecimal(unsigned.bigIntegerValue()));
        }
        if (number instanceof BigDecimal || number instanceof BigInteger) {
            return normal(new BigDecimal(number.toString()));
        }
        return normal(BigDecimal.valueOf(number.longValue()));
    }

    /** Whole numbers exactly as they are, others as they are written: the float 0.1 is the same as the double 0.1. */
    private static BigDecimal finite(Number number) {
        double value = number.doubleValue();
        return value == Math.rint(value) ? new BigDecimal(value) : new BigDecimal(number.toString());
    }

    /**
     * IEEE 754 decimals in binary integer encoding, which the engine keeps as bits: sign, exponent, coefficient. A coefficient
     * that does not fit moves the exponent two bits to the right.
     */
    private static Object decimal(BigInteger bits, int width, int exponentBits) {
        int coefficientBits = width - 1 - exponentBits;
        boolean large = bits.testBit(width - 2) && bits.testBit(width - 3);
        boolean special = large && bits.testBit(width - 4) && bits.testBit(width - 5);
        if (special) {
            boolean negative = bits.testBit(width - 1);
            double infinite = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            return bits.testBit(width - 6) ? Double.NaN : infinite;
        }
        int shift = large ? coefficientBits - 2 : coefficientBits;
        BigInteger coefficient = bits.and(mask(shift));
        if (large) {
            coefficient = coefficient.setBit(coefficientBits);
        }
        int digits = 9 * width / 32 - 2;
        int bias = 3 * (1 << (exponentBits - 3)) + digits - 2;
        int exponent = bits.shiftRight(shift).and(mask(exponentBits)).intValue() - bias;
        boolean canonical = coefficient.compareTo(BigInteger.TEN.pow(digits)) < 0;
        BigDecimal value = canonical ? new BigDecimal(coefficient, -exponent) : BigDecimal.ZERO;
        return normal(bits.testBit(width - 1) ? value.negate() : value);
    }

    private static BigInteger mask(int bits) {
        return BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
    }

    /** Equal numbers are equal objects. */
    static BigDecimal normal(BigDecimal number) {
        return number.stripTrailingZeros();
    }

    /** True or false for values of one kind, else null: SQL's unknown. */
    static Boolean equal(Object left, Object right) {
        Integer order = compare(left, right);
        if (order != null) {
            return order == 0;
        }
        boolean sameKind = left != null && right != null && left.getClass() == right.getClass();
        return sameKind && !(left instanceof Double) ? left.equals(right) : null;
    }

    /** Equal as values, where two of nothing are equal. */
    static boolean same(Object left, Object right) {
        return Objects.equals(of(left), of(right));
    }

    /** The order of two values, or null when they have none. */
    static Integer compare(Object left, Object right) {
        if (left instanceof BigDecimal a && right instanceof BigDecimal b) {
            return a.compareTo(b);
        }
        if (left instanceof String a && right instanceof String b) {
            return a.compareTo(b);
        }
        if (left instanceof Date a && right instanceof Date b) {
            return a.compareTo(b);
        }
        if (left instanceof Boolean a && right instanceof Boolean b) {
            return Boolean.compare(a, b);
        }
        return isNumber(left) && isNumber(right) ? compareInfinite(left, right) : null;
    }

    private static boolean isNumber(Object value) {
        return value instanceof BigDecimal || value instanceof Double;
    }

    /** At least one of them is an infinity or not a number. */
    private static Integer compareInfinite(Object left, Object right) {
        double a = left instanceof Double number ? number : 0;
        double b = right instanceof Double number ? number : 0;
        return Double.isNaN(a) || Double.isNaN(b) ? null : (Integer) Double.compare(a, b);
    }
}
