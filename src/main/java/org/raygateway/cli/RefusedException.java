package org.raygateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The gateway answered with an error: an RFC 9457 problem, or at least a status code. */
final class RefusedException extends RuntimeException {
    private static final int ERRORS_SHOWN = 20;

    private final int status;
    private final transient JsonNode problem;
    private final transient Duration retryAfter;

    /**
     * @param problem the problem's JSON object; an empty object where the answer held none
     * @param retryAfter null where the answer named none
     */
    RefusedException(int status, JsonNode problem, Duration retryAfter) {
        super("the gateway answered " + status + " " + problem.path("title").asText());
        this.status = status;
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    int status() {
        return status;
    }

    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Whether the same request may succeed later. */
    boolean isTransient() {
        return status == 429 || status >= 500;
    }

    /** Title, detail and each single error, as lines for a person. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("refused: " + problem.path("title").asText("HTTP status") + " (" + status + ")");
        if (problem.hasNonNull("detail")) {
            lines.add("  " + problem.get("detail").asText());
        }
        JsonNode errors = problem.path("errors");
        for (int i = 0; i < Math.min(errors.size(), ERRORS_SHOWN); i++) {
            lines.add("  " + errors.get(i).path("pointer").asText() + ": "
                    + errors.get(i).path("message").asText());
        }
        if (errors.size() > ERRORS_SHOWN) {
            lines.add("  ... and " + (errors.size() - ERRORS_SHOWN) + " more");
        }
        if (retryAfter != null) {
            lines.add("  try again in " + retryAfter.toSeconds() + " s");
        }
        return lines;
    }
}
