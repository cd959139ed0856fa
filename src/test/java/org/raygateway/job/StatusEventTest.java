package org.raygateway.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusEventTest {
    private static StatusEvent saying(String message) {
        return new StatusEvent(JobId.next(), JobStatus.RUNNING, 1, 1, 1, message, null, Instant.EPOCH);
    }

    @Test
    void aLongMessageIsCutToWhatAServiceBusMessageCanHold() {
        String cut = saying("x".repeat(2_000_000)).message();

        assertThat(cut).hasSize(StatusEvent.MAX_MESSAGE).endsWith("x...");
    }

    @Test
    void aMessageOfTheLongestLengthIsLeftAlone() {
        String longest = "x".repeat(StatusEvent.MAX_MESSAGE);

        assertThat(saying(longest).message()).isEqualTo(longest);
        assertThat(saying(null).message()).isNull();
    }

    @Test
    void aMessageIsOneLineWithoutControlCharacters() {
        assertThat(saying("two\r\nlines,\ta \u001b[31mcolour\u0000 and \u0085").message())
                .isEqualTo("two lines, a [31mcolour and");
    }

    @Test
    void aMessageIsNotCutWithinACharacter() {
        assertThat(saying("x" + "\uD83D\uDE00".repeat(1000)).message())
                .hasSizeLessThanOrEqualTo(StatusEvent.MAX_MESSAGE)
                .endsWith("\uD83D\uDE00...");
    }
}
