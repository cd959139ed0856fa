package org.raygateway.lookup;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;
import org.raygateway.store.JobQuery;

/** Reads the query of {@code GET /jobs}; anything it does not know is a 400 that names what it does. */
final class JobQueryReader {
    private static final List<String> KNOWN =
            List.of("status", "simulation_type", "submitted_from", "submitted_to", "cursor", "limit");
    private static final int DEFAULT_LIMIT = 50;
    private static final int SHOWN = 40;

    private JobQueryReader() {}

    static JobQuery read(String rawQuery, int maxPageSize) {
        Map<String, String> values = parse(rawQuery);
        return new JobQuery(
                status(values.get("status")),
                values.get("simulation_type"),
                instant("submitted_from", values.get("submitted_from")),
                instant("submitted_to", values.get("submitted_to")),
                cursor(values.get("cursor")),
                limit(values.get("limit"), maxPageSize));
    }

    private static Map<String, String> parse(String rawQuery) {
        Map<String, String> values = new HashMap<>();
        if (rawQuery == null || rawQuery.isEmpty()) {
            return values;
        }
        for (String pair : rawQuery.split("&")) {
            String[] parts = pair.split("=", 2);
            String name = decode(parts[0]);
            if (!KNOWN.contains(name)) {
                throw bad("Unknown query parameter " + shown(name) + "; expected one of " + String.join(", ", KNOWN));
            }
            if (values.put(name, decode(parts.length == 2 ? parts[1] : "")) != null) {
                throw bad("`" + name + "` is given more than once");
            }
        }
        return values;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw bad("The query is not URL-encoded");
        }
    }

    private static JobStatus status(String text) {
        if (text == null) {
            return null;
        }
        return Arrays.stream(JobStatus.values())
                .filter(status -> status.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() ->
                        bad("`status` must be one of " + Arrays.toString(JobStatus.values()) + ", got " + shown(text)));
    }

    private static Instant instant(String name, String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException malformed) {
            throw bad("`" + name + "` must be a time such as 2026-01-31T12:00:00Z, got " + shown(text));
        }
    }

    private static JobId cursor(String text) {
        return text == null
                ? null
                : JobId.parse(text)
                        .orElseThrow(() -> bad("`cursor` must be the `next_cursor` of a page, got " + shown(text)));
    }

    private static int limit(String text, int maximum) {
        if (text == null) {
            return Math.min(DEFAULT_LIMIT, maximum);
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= maximum) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            // told below, together with the bounds
        }
        throw bad("`limit` must be a whole number from 1 to " + maximum + ", got " + shown(text));
    }

    private static String shown(String text) {
        return "`" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text) + "`";
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(Problem.of(400, "Malformed query", detail + "."));
    }
}
