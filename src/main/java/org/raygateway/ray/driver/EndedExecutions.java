package org.raygateway.ray.driver;

import java.util.LinkedHashMap;
import java.util.Map;
import org.raygateway.driver.v1.Execution.Begun;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;

/**
 * What the driver remembers of executions that have ended, so that a terminal event which was never published can still
 * be asked for. Bounded in number and in size; the oldest are forgotten first. Not thread-safe.
 */
final class EndedExecutions {
    /**
     * @param statusJson the terminal status message; empty where there is none, so that the job may be tried again
     * @param reason why there is none
     * @param begun whether it began, where there is none
     */
    record Ended(int attempt, String statusJson, String reason, Begun begun) {
        static Ended with(int attempt, String statusJson) {
            return new Ended(attempt, statusJson, "", Begun.BEGAN);
        }

        static Ended with(StatusEvent terminal) {
            return with(terminal.attempt(), StatusEventJson.write(terminal));
        }

        static Ended lost(int attempt, String reason) {
            return new Ended(attempt, "", reason, Begun.BEGAN);
        }

        static Ended neverBegun(int attempt, String reason) {
            return new Ended(attempt, "", reason, Begun.NEVER_BEGAN);
        }
    }

    private final int mostEntries;
    private final long mostCharacters;
    private final Map<String, Ended> byJob = new LinkedHashMap<>();
    private long characters;

    EndedExecutions(int mostEntries, long mostCharacters) {
        this.mostEntries = mostEntries;
        this.mostCharacters = mostCharacters;
    }

    void remember(String job, Ended ended) {
        Ended before = byJob.remove(job);
        if (before != null) {
            characters -= before.statusJson().length();
        }
        byJob.put(job, ended);
        characters += ended.statusJson().length();
        while (byJob.size() > mostEntries || characters > mostCharacters && byJob.size() > 1) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        var oldest = byJob.entrySet().iterator();
        characters -= oldest.next().getValue().statusJson().length();
        oldest.remove();
    }

    /** Null where nothing is remembered of the job. */
    Ended find(String job) {
        return byJob.get(job);
    }
}
