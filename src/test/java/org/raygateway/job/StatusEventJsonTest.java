package org.raygateway.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusEventJsonTest {
    private static final String ID = "01900000-0000-7000-8000-000000000001";
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String COMPLETE = "{\"job_id\":\"" + ID
            + "\",\"status\":\"COMPLETED\",\"progress\":100,\"attempt\":2,\"sequence\":7,\"message\":\"done\","
            + "\"result\":{\"pi\":3.14},\"occurred_at\":\"2026-01-02T03:04:05.678Z\"}";

    @Test
    void writesEveryMember() {
        assertThat(StatusEventJson.write(event(JobStatus.COMPLETED, 100, "done", "{\"pi\":3.14}")))
                .isEqualTo(COMPLETE);
    }

    @Test
    void leavesOutWhatIsNotThere() {
        assertThat(StatusEventJson.write(event(JobStatus.RUNNING, 5, null, null)))
                .doesNotContain("message", "result");
    }

    @ParameterizedTest
    @EnumSource(names = {"RUNNING", "COMPLETED", "FAILED", "CANCELLED"})
    void readsWhatItWrites(JobStatus status) {
        StatusEvent event = event(
                status,
                progressOf(status),
                "two\nlines, \"quoted\" \u2028 ü",
                status == JobStatus.COMPLETED ? "[1,{\"a\":null}]" : null);
        String text = StatusEventJson.write(event);
        assertThat(text).doesNotContain("\n");
        assertThat(StatusEventJson.read(text)).isEqualTo(event);
    }

    @Test
    void passesOverMembersItDoesNotKnow() {
        assertThat(StatusEventJson.read(COMPLETE.replace("{\"job_id\"", "{\"host\":[{}],\"job_id\"")))
                .isEqualTo(event(JobStatus.COMPLETED, 100, "done", "{\"pi\":3.14}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"job_id", "status", "progress", "attempt", "sequence", "occurred_at"})
    void refusesAMessageWithoutAMemberItNeeds(String member) {
        assertThatThrownBy(() -> StatusEventJson.read(COMPLETE.replace("\"" + member + "\"", "\"other\"")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`" + member + "`");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"" + ID + "\" | \"secret\" | `job_id` must be a UUID",
                "\"" + ID + "\" | 7 | `job_id` must be a string",
                "\"COMPLETED\" | \"secret\" | `status` must be RUNNING, COMPLETED, FAILED or CANCELLED",
                "\"COMPLETED\" | \"SUBMITTED\" | `status` must be RUNNING, COMPLETED, FAILED or CANCELLED",
                "\"COMPLETED\" | \"DISPATCHED\" | `status` must be RUNNING, COMPLETED, FAILED or CANCELLED",
                "\"progress\":100 | \"progress\":\"secret\" | `progress` must be a number",
                "\"progress\":100 | \"progress\":3 | `progress` of a COMPLETED job must be 100",
                "\"progress\":100 | \"progress\":1e999999999 | `progress` of a COMPLETED job must be 100",
                "\"attempt\":2 | \"attempt\":-1 | `attempt` must be a whole number in 1..999999999, got -1",
                "\"attempt\":2 | \"attempt\":0 | `attempt` must be a whole number in 1..999999999, got 0",
                "\"attempt\":2 | \"attempt\":2147483647 | `attempt` must be a whole number in 1..999999999, got 2147483647",
                "\"attempt\":2 | \"attempt\":1.5 | `attempt` must be a whole number in 1..999999999",
                "\"attempt\":2 | \"attempt\":1e0 | `attempt` must be a whole number in 1..999999999",
                "\"attempt\":2 | \"attempt\":\"2\" | `attempt` must be a whole number in 1..999999999",
                "\"attempt\":2 | \"attempt\":[2] | `attempt` must be a whole number in 1..999999999",
                "\"attempt\":2 | \"attempt\":99999999999999999999 | `attempt` must be a whole number in 1..999999999",
                "\"sequence\":7 | \"sequence\":null | `sequence` must be a whole number in 1..999999999999",
                "\"sequence\":7 | \"sequence\":0 | `sequence` must be a whole number in 1..999999999999, got 0",
                "\"sequence\":7 | \"sequence\":-5 | `sequence` must be a whole number in 1..999999999999, got -5",
                "\"message\":\"done\" | \"message\":7 | `message` must be a string",
                "\"message\":\"done\" | \"message\":{} | `message` must be a string",
                "\"done\" | \"two\\nlines\" | `message` must be one line without control characters",
                "\"done\" | \"\\u0000\" | `message` must be one line without control characters",
                "\"done\" | \"\\u001b[31m\" | `message` must be one line without control characters",
                "3.14 | 1e999999999 | a number's exponent in `result` must lie in -9999..9999",
                "3.14 | 1E-0010000 | a number's exponent in `result` must lie in -9999..9999",
                "{\"pi\":3.14} | -1e99999999999 | a number's exponent in `result` must lie in -9999..9999",
                "\"2026-01-02T03:04:05.678Z\" | \"secret\" | `occurred_at` must be an RFC 3339 time in UTC of the years 1970 to 2261",
                "\"2026-01-02T03:04:05.678Z\" | \"+999999999-01-01T00:00:00Z\" | `occurred_at` must be an RFC 3339 time in UTC of the years 1970 to 2261",
                "\"2026-01-02T03:04:05.678Z\" | \"1969-12-31T23:59:59Z\" | `occurred_at` must be an RFC 3339 time in UTC of the years 1970 to 2261",
            })
    void refusesAMemberThatWillNotDoWithoutQuotingIt(String from, String to, String expected) {
        assertThatThrownBy(() -> StatusEventJson.read(COMPLETE.replace(from, to)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(expected)
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "7", "[]", "\"text\"", "{", "secret", "{} {}", "{\"a\":1,}"})
    void refusesWhatIsNotAJsonObject(String junk) {
        assertThatThrownBy(() -> StatusEventJson.read(junk))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a status message must be");
    }

    @ParameterizedTest
    @CsvSource({"RUNNING, 999999999999", "COMPLETED, 999999999999", "FAILED, 1000000000000", "CANCELLED, 1000000000000"
    })
    void leavesTheLastWordToEndingsWithoutAResult(JobStatus status, long last) {
        String text = StatusEventJson.write(event(status, progressOf(status), null, null));
        assertThat(StatusEventJson.read(text.replace("\"sequence\":7", "\"sequence\":" + last))
                        .sequence())
                .isEqualTo(last);
        assertThatThrownBy(() -> StatusEventJson.read(text.replace("\"sequence\":7", "\"sequence\":" + (last + 1))))
                .hasMessage("`sequence` must be a whole number in 1.." + last + ", got " + (last + 1));
    }

    @Test
    void readsNoPositionThatAStreamCouldNotBeResumedAfter() {
        String text = StatusEventJson.write(new StatusEvent(
                JobId.of(ID),
                JobStatus.FAILED,
                -1,
                EventPosition.MAX_ATTEMPT,
                StatusEvent.LAST_WORD,
                null,
                null,
                TIME));
        EventPosition highest = StatusEventJson.read(text).position();
        assertThat(EventPosition.parse(highest.toString())).contains(highest);
        assertThat(EventPosition.parse("1-" + EventPosition.MAX_SEQUENCE)).isPresent();
        assertThat(highest.sequence()).isLessThanOrEqualTo(EventPosition.MAX_SEQUENCE);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "12.7, 12", "99, 99", "99.9, 99", "5e1, 50"})
    void takesProgressWithinItsBounds(String given, int expected) {
        assertThat(StatusEventJson.read(runningAt(given)).progress()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"250", "100", "-1", "-0.5", "1e300", "1e999999999"})
    void refusesProgressOutOfBounds(String given) {
        assertThatThrownBy(() -> StatusEventJson.read(runningAt(given)))
                .hasMessage("`progress` of a RUNNING job must lie in 0..99");
    }

    private static String runningAt(String progress) {
        return StatusEventJson.write(event(JobStatus.RUNNING, 5, null, null))
                .replace("\"progress\":5", "\"progress\":" + progress);
    }

    @Test
    void countsCharactersOfTheMessageAsPeopleDo() {
        String longest = "\uD83D\uDE00".repeat(1000);
        assertThat(StatusEventJson.read(COMPLETE.replace("done", longest)).message())
                .hasSizeLessThanOrEqualTo(1000)
                .endsWith("\uD83D\uDE00...");
        assertThatThrownBy(() -> StatusEventJson.read(COMPLETE.replace("done", longest + "x")))
                .hasMessage("`message` must have at most 1000 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"status\":\"FAILED\"", "\"result\":1", "\"host\":{\"a\":1,\"a\":2}"})
    void refusesRepeatedMembersThatReadersCouldTakeDifferently(String repeated) {
        String text = COMPLETE.substring(0, COMPLETE.length() - 1) + "," + repeated + "}";
        assertThatThrownBy(() -> StatusEventJson.read(text))
                .hasMessageStartingWith("a status message must be JSON without repeated members");
    }

    @ParameterizedTest
    @ValueSource(strings = {"result", "host", "message", "attempt"})
    void refusesDeepNestingWhereverItIs(String member) {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        String text = COMPLETE.replace("{\"job_id\"", "{\"" + member + "\":" + deep + ",\"job_id\"");
        assertThatThrownBy(() -> StatusEventJson.read(text))
                .hasMessageContaining("nested at most 1000 levels deep")
                .hasNoCause();
    }

    @Test
    void takesNestingAsDeepAsComputationsCanWrite() {
        String deep = "[".repeat(999) + "]".repeat(999);
        assertThat(StatusEventJson.read(COMPLETE.replace("{\"pi\":3.14}", deep)).result())
                .isEqualTo(deep);
    }

    @Test
    void boundsTheResultByItsBytes() {
        String fits = "\"" + "\u00fc".repeat(449_999) + "\"";
        assertThat(StatusEventJson.read(COMPLETE.replace("{\"pi\":3.14}", " " + fits + " "))
                        .result())
                .isEqualTo(fits);
        assertThatThrownBy(
                        () -> StatusEventJson.read(COMPLETE.replace("{\"pi\":3.14}", fits.replaceFirst("\"", "\"x"))))
                .hasMessage("`result` must have at most 900000 bytes, got 900001");
        assertThatThrownBy(() -> StatusEventJson.read("[".repeat(2_000_000)))
                .hasMessage("a status message must have at most 1000000 characters, got 2000000");
    }

    @Test
    void makesTheResultOneLineOfAnEventStream() {
        assertThat(StatusEventJson.read(COMPLETE.replace("{\"pi\":3.14}", "{\n\n \"pi\" :\r[ 1.50,\ttrue ] }"))
                        .result())
                .isEqualTo("{\"pi\":[1.50,true]}");
    }

    @Test
    void keepsAResultOfACompletedOneOnlyAndEveryDigitOfIt() {
        String precise =
                "{\"a\":3.14159265358979323846264338327950288,\"b\":1E+400,\"c\":123456789012345678901234567890,\"d\":1e9999}";
        assertThat(StatusEventJson.read(COMPLETE.replace("{\"pi\":3.14}", precise))
                        .result())
                .isEqualTo(precise);
        assertThat(StatusEventJson.read(
                                COMPLETE.replace("COMPLETED", "FAILED").replace("\"progress\":100", "\"progress\":-1"))
                        .result())
                .isNull();
    }

    private static int progressOf(JobStatus status) {
        return status == JobStatus.COMPLETED ? 100 : status.isTerminal() ? -1 : 42;
    }

    private static StatusEvent event(JobStatus status, int progress, String message, String result) {
        return new StatusEvent(JobId.of(ID), status, progress, 2, 7, message, result, TIME);
    }
}
