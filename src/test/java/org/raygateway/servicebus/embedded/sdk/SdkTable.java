package org.raygateway.servicebus.embedded.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table of the page that says what which SDK can do with the embedded broker, as text and as cells. */
final class SdkTable {

    static final Path PAGE = Path.of("docs/decisions/embedded-service-bus.md");
    private static final List<String> COLUMNS = List.of("Java", "Python", "JavaScript", "Go");
    private static final String HEADER = "| | " + String.join(" | ", COLUMNS) + " |";

    private final Map<String, List<String>> rows;

    private SdkTable(Map<String, List<String>> rows) {
        this.rows = rows;
    }

    /** The table as the page has it. */
    static SdkTable ofPage() throws IOException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals(HEADER))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.split("\\|"))
                        .skip(1)
                        .map(String::strip)
                        .toList())
                .forEach(cells -> rows.put(cells.get(0), cells.subList(1, cells.size())));
        return new SdkTable(rows);
    }

    /** This table with what a suite has shown: its rows in its order, its column; other columns stay where a row stays. */
    SdkTable with(String column, List<Outcome> outcomes) {
        Map<String, List<String>> changed = new LinkedHashMap<>();
        for (Outcome outcome : outcomes) {
            List<String> cells = new ArrayList<>(rows.getOrDefault(outcome.capability(), List.of("?", "?", "?", "?")));
            cells.set(COLUMNS.indexOf(column), outcome.outcome());
            changed.put(outcome.capability(), cells);
        }
        return new SdkTable(changed);
    }

    /** In Markdown, as it has to stand in the page. */
    @Override
    public String toString() {
        return rows.entrySet().stream()
                .map(row -> "| " + row.getKey() + " | " + String.join(" | ", row.getValue()) + " |")
                .collect(Collectors.joining("\n", HEADER + "\n|---|---|---|---|---|\n", "\n"));
    }
}
