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
    @EnumSource
    void readsWhatItWrites(JobStatus status) {
        int progress = status == JobStatus.COMPLETED ? 100 : status.isTerminal() ? -1 : 42;
        StatusEvent event = event(
                status,
                progress,
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
                "\"COMPLETED\" | \"secret\" | `status` is not one of the known statuses",
                "\"progress\":100 | \"progress\":\"secret\" | `progress` must be a number",
                "\"attempt\":2 | \"attempt\":-1 | `attempt` must lie in 0..2147483647, got -1",
                "\"attempt\":2 | \"attempt\":2147483648 | `attempt` must lie in 0..2147483647, got 2147483648",
                "\"attempt\":2 | \"attempt\":1.5 | `attempt` must be a whole number",
                "\"attempt\":2 | \"attempt\":99999999999999999999 | `attempt` must be a whole number",
                "\"sequence\":7 | \"sequence\":null | `sequence` must be a whole number",
                "\"2026-01-02T03:04:05.678Z\" | \"secret\" | `occurred_at` must be an RFC 3339 time in UTC",
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

    @Test
    void refusesARunningOneThatWouldLeaveNoRoomForAnEnding() {
        String running = StatusEventJson.write(event(JobStatus.RUNNING, 5, null, null));
        assertThatThrownBy(() -> StatusEventJson.read(running.replace("\"sequence\":7", "\"sequence\":1000000000000")))
                .hasMessage("`sequence` must lie in 0..999999999999, got 1000000000000");
        assertThat(StatusEventJson.read(COMPLETE.replace("\"sequence\":7", "\"sequence\":1000000000000"))
                        .sequence())
                .isEqualTo(StatusEvent.LAST_WORD);
    }

    @ParameterizedTest
    @CsvSource({
        "RUNNING, 250, 99",
        "RUNNING, -3, 0",
        "RUNNING, 12.7, 12",
        "RUNNING, 1e300, 99",
        "COMPLETED, 3, 100",
        "FAILED, 50, -1"
    })
    void keepsProgressWithinItsBounds(String status, String given, int expected) {
        String text = COMPLETE.replace("COMPLETED", status).replace("\"progress\":100", "\"progress\":" + given);
        assertThat(StatusEventJson.read(text).progress()).isEqualTo(expected);
    }

    @Test
    void keepsAResultOfACompletedOneOnlyAndEveryDigitOfIt() {
        String precise =
                "{\"a\":3.14159265358979323846264338327950288,\"b\":1E+400,\"c\":123456789012345678901234567890}";
        assertThat(StatusEventJson.read(COMPLETE.replace("{\"pi\":3.14}", precise))
                        .result())
                .isEqualTo(precise);
        assertThat(StatusEventJson.read(COMPLETE.replace("COMPLETED", "FAILED")).result())
                .isNull();
    }

    private static StatusEvent event(JobStatus status, int progress, String message, String result) {
        return new StatusEvent(JobId.of(ID), status, progress, 2, 7, message, result, TIME);
    }
}
