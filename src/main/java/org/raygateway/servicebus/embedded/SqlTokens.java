package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a SQL filter, one after the other. */
final class SqlTokens {

    enum Kind {
        WORD,
        /** A name in brackets or double quotes, which is never a keyword. */
        NAME,
        TEXT,
        NUMBER,
        SIGN,
        END
    }

    record Token(Kind kind, String text) {

        boolean is(String keywordOrSign) {
            return (kind == Kind.WORD || kind == Kind.SIGN)
                    && text.toUpperCase(Locale.ROOT).equals(keywordOrSign);
        }
    }

    private static final Token END = new Token(Kind.END, "");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");
    private static final Pattern TEXT = Pattern.compile("'((?:[^']|'')*+)'");
    private static final Pattern NAME = Pattern.compile("\\[((?:[^\\]]|\\]\\])++)\\]|\"((?:[^\"]|\"\")++)\"");
    private static final Pattern NUMBER = Pattern.compile("(?:\\d++(?:\\.\\d*+)?|\\.\\d++)(?:[eE][+-]?\\d++)?");
    private static final Pattern SIGN = Pattern.compile("<>|!=|<=|>=|[=<>+\\-*/%(),.]");

    private final List<Token> tokens = new ArrayList<>();
    private int next;

    /** @throws IllegalArgumentException at a character that begins nothing */
    SqlTokens(String expression) {
        Matcher matcher = SPACE.matcher(expression);
        int at = 0;
        while (at < expression.length()) {
            matcher.region(at, expression.length());
            if (!matcher.usePattern(SPACE).lookingAt()) {
                tokens.add(read(matcher, expression, at));
            }
            at = matcher.end();
        }
    }

    private static Token read(Matcher matcher, String expression, int at) {
        if (matcher.usePattern(WORD).lookingAt()) {
            return new Token(Kind.WORD, matcher.group());
        }
        if (matcher.usePattern(TEXT).lookingAt()) {
            return new Token(Kind.TEXT, matcher.group(1).replace("''", "'"));
        }
        if (matcher.usePattern(NAME).lookingAt()) {
            boolean bracketed = matcher.group(1) != null;
            String name = bracketed
                    ? matcher.group(1).replace("]]", "]")
                    : matcher.group(2).replace("\"\"", "\"");
            return new Token(Kind.NAME, name);
        }
        if (matcher.usePattern(NUMBER).lookingAt()) {
            return new Token(Kind.NUMBER, matcher.group());
        }
        if (matcher.usePattern(SIGN).lookingAt()) {
            return new Token(Kind.SIGN, matcher.group());
        }
        boolean parameter = expression.charAt(at) == '@';
        throw new IllegalArgumentException(
                parameter
                        ? "parameters such as @p are not supported; write the value"
                        : "what begins at character " + (at + 1) + " is not understood");
    }

    Token peek() {
        return next < tokens.size() ? tokens.get(next) : END;
    }

    Token take() {
        Token token = peek();
        next++;
        return token;
    }

    boolean takeIf(String keywordOrSign) {
        boolean found = peek().is(keywordOrSign);
        next += found ? 1 : 0;
        return found;
    }

    void require(String keywordOrSign) {
        if (!takeIf(keywordOrSign)) {
            throw new IllegalArgumentException("expected " + keywordOrSign + ", got " + describe(peek()));
        }
    }

    static String describe(Token token) {
        return token.kind() == Kind.END ? "the end" : "'" + token.text() + "'";
    }
}
