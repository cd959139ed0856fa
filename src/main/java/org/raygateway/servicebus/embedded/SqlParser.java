package org.raygateway.servicebus.embedded;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.raygateway.servicebus.embedded.SqlTokens.Kind;
import org.raygateway.servicebus.embedded.SqlTokens.Token;

/**
 * Reads a SQL filter into terms that are evaluated against a message. Logic is SQL's, with three values: what cannot be
 * compared, or is missing, is unknown.
 *
 * @see <a href="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter">SQL filter
 *     syntax</a>
 */
final class SqlParser {

    private static final int MAX_DEPTH = 50;
    /** Keeps every integer of AMQP exact, and arithmetic small whatever the numbers are. */
    private static final MathContext PRECISION = MathContext.DECIMAL128;

    /** A part of an expression; its value is one of {@link FilterValue}'s, null for unknown. */
    interface Term {
        Object of(MessageView message);
    }

    private final SqlTokens tokens;
    private int depth;

    private SqlParser(String expression) {
        tokens = new SqlTokens(expression);
    }

    /** @throws IllegalArgumentException when the expression cannot be understood; its text says why */
    static Term parse(String expression) {
        SqlParser parser = new SqlParser(expression);
        Term condition = parser.condition();
        if (parser.tokens.peek().kind() != Kind.END) {
            throw new IllegalArgumentException(
                    SqlTokens.describe(parser.tokens.peek()) + " comes where an operator or the end was expected");
        }
        return condition;
    }

    private Term condition() {
        deeper();
        Term left = conjunction();
        while (tokens.takeIf("OR")) {
            left = or(left, conjunction());
        }
        depth--;
        return left;
    }

    private void deeper() {
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("it nests more than " + MAX_DEPTH + " levels deep");
        }
    }

    private Term conjunction() {
        Term left = negation();
        while (tokens.takeIf("AND")) {
            left = and(left, negation());
        }
        return left;
    }

    private Term negation() {
        if (!tokens.takeIf("NOT")) {
            return comparison();
        }
        deeper();
        Term negated = not(negation());
        depth--;
        return negated;
    }

    private Term comparison() {
        Term left = sum();
        Token token = tokens.peek();
        if (token.is("=") || token.is("<>") || token.is("!=")) {
            tokens.take();
            Term right = sum();
            Term equal = message -> FilterValue.equal(left.of(message), right.of(message));
            return token.is("=") ? equal : not(equal);
        }
        if (token.is("<") || token.is("<=") || token.is(">") || token.is(">=")) {
            tokens.take();
            return ordered(left, token.text(), sum());
        }
        if (tokens.takeIf("IS")) {
            boolean negated = tokens.takeIf("NOT");
            tokens.require("NULL");
            return message -> (left.of(message) == null) != negated;
        }
        boolean negated = tokens.takeIf("NOT");
        Term chosen = choice(left);
        if (chosen == null) {
            if (negated) {
                throw new IllegalArgumentException(
                        "expected IN, LIKE or BETWEEN after NOT, got " + SqlTokens.describe(tokens.peek()));
            }
            return left;
        }
        return negated ? not(chosen) : chosen;
    }

    private static Term ordered(Term left, String sign, Term right) {
        return message -> {
            Integer order = FilterValue.compare(left.of(message), right.of(message));
            if (order == null) {
                return null;
            }
            return order == 0 ? sign.endsWith("=") : (order < 0) == sign.startsWith("<");
        };
    }

    /** IN, LIKE or BETWEEN; null when none of them comes. */
    private Term choice(Term left) {
        if (tokens.takeIf("IN")) {
            return in(left, list());
        }
        if (tokens.takeIf("LIKE")) {
            String pattern = text();
            String escape = tokens.takeIf("ESCAPE") ? text() : "";
            LikePattern like = new LikePattern(pattern, escape);
            return message -> left.of(message) instanceof String value ? like.matches(value) : null;
        }
        if (tokens.takeIf("BETWEEN")) {
            Term low = sum();
            tokens.require("AND");
            return and(ordered(left, ">=", low), ordered(left, "<=", sum()));
        }
        return null;
    }

    private List<Term> list() {
        tokens.require("(");
        List<Term> elements = new ArrayList<>(List.of(sum()));
        while (tokens.takeIf(",")) {
            elements.add(sum());
        }
        tokens.require(")");
        return elements;
    }

    private static Term in(Term left, List<Term> elements) {
        return message -> {
            Object value = left.of(message);
            Boolean found = value == null ? null : Boolean.FALSE;
            for (Term element : elements) {
                if (Boolean.TRUE.equals(FilterValue.equal(value, element.of(message)))) {
                    return true;
                }
            }
            return found;
        };
    }

    private String text() {
        Token token = tokens.take();
        if (token.kind() != Kind.TEXT) {
            throw new IllegalArgumentException("LIKE needs a text in quotes, got " + SqlTokens.describe(token));
        }
        return token.text();
    }

    private Term sum() {
        Term left = product();
        for (; ; ) {
            if (tokens.takeIf("+")) {
                left = arithmetic(left, product(), (a, b) -> a.add(b, PRECISION));
            } else if (tokens.takeIf("-")) {
                left = arithmetic(left, product(), (a, b) -> a.subtract(b, PRECISION));
            } else {
                return left;
            }
        }
    }

    private Term product() {
        Term left = signed();
        for (; ; ) {
            if (tokens.takeIf("*")) {
                left = arithmetic(left, signed(), (a, b) -> a.multiply(b, PRECISION));
            } else if (tokens.takeIf("/")) {
                left = arithmetic(left, signed(), (a, b) -> a.divide(b, PRECISION));
            } else if (tokens.takeIf("%")) {
                left = arithmetic(left, signed(), (a, b) -> a.remainder(b, PRECISION));
            } else {
                return left;
            }
        }
    }

    private static Term arithmetic(Term left, Term right, BinaryOperator<BigDecimal> operator) {
        return message -> {
            if (left.of(message) instanceof BigDecimal a && right.of(message) instanceof BigDecimal b) {
                try {
                    return FilterValue.normal(operator.apply(a, b));
                } catch (ArithmeticException e) {
                    return null;
                }
            }
            return null;
        };
    }

    private Term signed() {
        boolean negative = false;
        while (tokens.peek().is("-") || tokens.peek().is("+")) {
            negative ^= tokens.take().is("-");
        }
        Term value = primary();
        return negative ? message -> value.of(message) instanceof BigDecimal number ? number.negate() : null : value;
    }

    private Term primary() {
        if (tokens.takeIf("(")) {
            Term inner = condition();
            tokens.require(")");
            return inner;
        }
        if (tokens.takeIf("EXISTS")) {
            tokens.require("(");
            Term property = SqlProperty.read(tokens);
            tokens.require(")");
            return message -> property.of(message) != null;
        }
        if (tokens.takeIf("TRUE")) {
            return message -> true;
        }
        if (tokens.takeIf("FALSE")) {
            return message -> false;
        }
        if (tokens.takeIf("NULL")) {
            return message -> null;
        }
        Kind kind = tokens.peek().kind();
        if (kind == Kind.TEXT) {
            String text = tokens.take().text();
            return message -> text;
        }
        if (kind == Kind.NUMBER) {
            Object number = number(tokens.take().text());
            return message -> number;
        }
        return SqlProperty.read(tokens);
    }

    /** As in SQL, a constant with an exponent is a double, and others are exact. */
    private static Object number(String text) {
        boolean exact = text.indexOf('e') < 0 && text.indexOf('E') < 0;
        Object number = FilterValue.of(exact ? new BigDecimal(text) : (Number) Double.valueOf(text));
        if (!(number instanceof BigDecimal)) {
            throw new IllegalArgumentException(text + " is out of range");
        }
        return number;
    }

    private static Term and(Term left, Term right) {
        return message -> {
            Boolean a = logical(left, message);
            Boolean b = Boolean.FALSE.equals(a) ? a : logical(right, message);
            return Boolean.FALSE.equals(b) ? b : a == null ? null : b;
        };
    }

    private static Term or(Term left, Term right) {
        return message -> {
            Boolean a = logical(left, message);
            Boolean b = Boolean.TRUE.equals(a) ? a : logical(right, message);
            return Boolean.TRUE.equals(b) ? b : a == null ? null : b;
        };
    }

    private static Term not(Term term) {
        return message -> {
            Boolean value = logical(term, message);
            return value == null ? null : (Boolean) !value;
        };
    }

    private static Boolean logical(Term term, MessageView message) {
        return term.of(message) instanceof Boolean value ? value : null;
    }
}
