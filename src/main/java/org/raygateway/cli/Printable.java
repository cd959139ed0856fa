package org.raygateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;

/** Prints JSON for people: aligned names, one line a member, long arrays cut short. */
final class Printable {
    private static final int ITEMS_ON_A_LINE = 8;
    private static final int ROWS = 10;
    private static final int ROWS_AT_EACH_END = 3;
    private static final int LONGEST_NAME = 32;

    private final PrintWriter out;

    Printable(PrintWriter out) {
        this.out = out;
    }

    /** Text from elsewhere, without control characters that could steer a terminal. */
    static String text(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    void print(JsonNode object) {
        members(object, "");
    }

    private void members(JsonNode object, String indent) {
        int width = 0;
        for (var names = object.fieldNames(); names.hasNext(); ) {
            width = Math.max(width, Math.min(LONGEST_NAME, names.next().length()));
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            JsonNode value = member.getValue();
            String name = indent + text(member.getKey());
            if (isBranch(value)) {
                out.println(name);
                branch(value, indent + "  ");
            } else {
                out.println(
                        name + " ".repeat(Math.max(0, width - member.getKey().length())) + "  " + leaf(value));
            }
        }
    }

    private void branch(JsonNode value, String indent) {
        if (value.isObject()) {
            members(value, indent);
            return;
        }
        if (value.size() <= ROWS) {
            rows(value, 0, value.size(), indent);
            return;
        }
        rows(value, 0, ROWS_AT_EACH_END, indent);
        out.println(indent + "... " + value.size() + " in all");
        rows(value, value.size() - ROWS_AT_EACH_END, value.size(), indent);
    }

    private void rows(JsonNode array, int from, int to, String indent) {
        for (int i = from; i < to; i++) {
            out.println(indent + "- " + row(array.get(i)));
        }
    }

    private static boolean isBranch(JsonNode value) {
        return value.isObject() && !value.isEmpty()
                || value.isArray() && !value.isEmpty() && value.get(0).isContainerNode();
    }

    private static String leaf(JsonNode value) {
        if (value.isTextual()) {
            return text(value.asText());
        }
        return value.isArray() ? row(value) : value.toString();
    }

    private static String row(JsonNode value) {
        if (!value.isArray() || value.size() <= ITEMS_ON_A_LINE) {
            return text(value.toString());
        }
        StringBuilder line = new StringBuilder("[");
        for (int i = 0; i < ITEMS_ON_A_LINE; i++) {
            line.append(value.get(i)).append(", ");
        }
        return text(line + "... " + value.size() + " in all]");
    }
}
