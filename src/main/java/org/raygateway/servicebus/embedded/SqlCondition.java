package org.raygateway.servicebus.embedded;

/** A Service Bus SQL filter. Two are equal when they are written the same. */
final class SqlCondition {

    private static final int MAX_LENGTH = 1024;

    private final String expression;
    private final SqlParser.Term term;

    /** @throws IllegalArgumentException when the expression cannot be understood; its text says why */
    SqlCondition(String expression) {
        if (expression.isBlank() || expression.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a SQL filter needs 1 to " + MAX_LENGTH + " characters");
        }
        this.expression = expression;
        try {
            this.term = SqlParser.parse(expression);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + expression + "' is not a SQL filter this broker understands: " + e.getMessage(), e);
        }
    }

    String expression() {
        return expression;
    }

    boolean matches(MessageView message) {
        return Boolean.TRUE.equals(term.of(message));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SqlCondition condition && condition.expression.equals(expression);
    }

    @Override
    public int hashCode() {
        return expression.hashCode();
    }

    @Override
    public String toString() {
        return expression;
    }
}
