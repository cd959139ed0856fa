package org.raygateway.servicebus.embedded;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.selector.filter.BooleanExpression;
import org.apache.activemq.artemis.selector.filter.FilterException;
import org.apache.activemq.artemis.selector.filter.Filterable;
import org.apache.activemq.artemis.selector.impl.SelectorParser;

/**
 * A Service Bus SQL filter, evaluated as a JMS selector. What differs is rewritten first: {@code sys.} and {@code user.}
 * scopes and {@code [bracketed]} names become quoted identifiers, {@code !=} becomes {@code <>}, and
 * {@code EXISTS(x)} becomes {@code x IS NOT NULL}.
 *
 * @see <a href="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter">SQL filter
 *     syntax</a>
 */
final class SqlCondition {

    private static final int MAX_LENGTH = 1024;
    private static final Pattern EXISTS = Pattern.compile("(?i)\\bEXISTS\\s*\\(\\s*([^()\\s]+)\\s*\\)");
    /** Text literals first, so that nothing inside them is touched. */
    private static final Pattern TOKEN = Pattern.compile(
            "'(?:[^']|'')*'|\"[^\"]*\"|\\[[^\\]]+\\]|!=|(?i)\\b(?:sys|user)\\s*\\.\\s*(?:\\[[^\\]]+\\]|[A-Za-z_][\\w]*)");

    private final String expression;
    private final BooleanExpression parsed;

    /** @throws IllegalArgumentException when the expression cannot be understood; its text says why */
    SqlCondition(String expression) {
        if (expression.isBlank() || expression.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a SQL filter needs 1 to " + MAX_LENGTH + " characters");
        }
        this.expression = expression;
        try {
            this.parsed = SelectorParser.parse(translate(expression));
        } catch (FilterException | RuntimeException e) {
            throw new IllegalArgumentException("'" + expression + "' is not a SQL filter this broker understands", e);
        }
    }

    String expression() {
        return expression;
    }

    boolean matches(MessageView message) {
        try {
            return parsed.matches(new Properties(message));
        } catch (FilterException | RuntimeException e) {
            // Comparing what cannot be compared is "unknown" in SQL, and unknown does not match.
            return false;
        }
    }

    static String translate(String expression) {
        Matcher tokens = TOKEN.matcher(EXISTS.matcher(expression).replaceAll("($1 IS NOT NULL)"));
        return tokens.replaceAll(token -> Matcher.quoteReplacement(translateToken(token.group())));
    }

    private static String translateToken(String token) {
        if (token.startsWith("'") || token.startsWith("\"")) {
            return token;
        }
        if (token.equals("!=")) {
            return "<>";
        }
        String name = token.replaceAll("[\\[\\]\\s]", "");
        return '"' + name + '"';
    }

    private record Properties(MessageView message) implements Filterable {

        @Override
        public Object getProperty(SimpleString id) {
            String name = id.toString();
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("sys.")) {
                return message.system(name.substring(4));
            }
            return message.user().get(lower.startsWith("user.") ? name.substring(5) : name);
        }

        @Override
        public <T> T getBodyAs(Class<T> type) {
            return null;
        }

        @Override
        public Object getLocalConnectionId() {
            return null;
        }
    }
}
