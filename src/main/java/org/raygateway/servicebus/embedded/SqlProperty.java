package org.raygateway.servicebus.embedded;

import java.util.Locale;
import java.util.Set;
import org.raygateway.servicebus.embedded.SqlParser.Term;
import org.raygateway.servicebus.embedded.SqlTokens.Kind;
import org.raygateway.servicebus.embedded.SqlTokens.Token;

/** A property in a SQL filter: {@code color}, {@code [a color]}, {@code user.color} or {@code sys.Label}. */
final class SqlProperty {

    private static final Set<String> KEYWORDS =
            Set.of("AND", "OR", "NOT", "IN", "LIKE", "ESCAPE", "IS", "NULL", "EXISTS", "BETWEEN", "TRUE", "FALSE");

    private SqlProperty() {}

    /** Takes a property off the tokens. */
    static Term read(SqlTokens tokens) {
        String first = name(tokens);
        if (tokens.peek().is("(")) {
            throw new IllegalArgumentException("functions such as " + first + "() are not supported");
        }
        if (!tokens.takeIf(".")) {
            return user(first);
        }
        String scope = first.toLowerCase(Locale.ROOT);
        String name = name(tokens);
        if (scope.equals("user")) {
            return user(name);
        }
        if (!scope.equals("sys") || !MessageView.SYSTEM.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("there is no property " + first + "." + name
                    + ": a property of the application is user.name or, in brackets, [a.name], and the broker's are sys. and "
                    + MessageView.SYSTEM);
        }
        return message -> {
            Object value = message.system(name);
            return value == null ? null : value.toString();
        };
    }

    private static Term user(String name) {
        return message -> FilterValue.of(message.user().get(name));
    }

    private static String name(SqlTokens tokens) {
        Token token = tokens.take();
        boolean keyword =
                token.kind() == Kind.WORD && KEYWORDS.contains(token.text().toUpperCase(Locale.ROOT));
        if (token.kind() != Kind.NAME && token.kind() != Kind.WORD || keyword) {
            throw new IllegalArgumentException("expected a value, got " + SqlTokens.describe(token));
        }
        return token.text();
    }
}
