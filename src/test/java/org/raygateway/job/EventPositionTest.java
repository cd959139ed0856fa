package org.raygateway.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventPositionTest {
    @Test
    void ordersByAttemptThenBySequence() {
        assertThat(List.of(
                        EventPosition.START,
                        new EventPosition(0, 0),
                        new EventPosition(0, StatusEvent.LAST_WORD),
                        new EventPosition(1, 0),
                        new EventPosition(1, 9),
                        new EventPosition(1, 10),
                        new EventPosition(2, 0)))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void isNotAfterItself() {
        EventPosition position = new EventPosition(1, 5);
        assertThat(position.isAfter(position)).isFalse();
        assertThat(position.isAfter(new EventPosition(1, 4))).isTrue();
        assertThat(position.isAfter(new EventPosition(2, 0))).isFalse();
    }

    @Test
    void readsWhatItWrites() {
        for (EventPosition position : List.of(
                new EventPosition(0, 0),
                new EventPosition(3, StatusEvent.LAST_WORD),
                new EventPosition(999_999_999, 999_999_999_999_999_999L))) {
            assertThat(EventPosition.parse(position.toString())).contains(position);
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "1-",
                "-1",
                "-1-1",
                "1--1",
                "1-2-3",
                " 1-2",
                "1-2 ",
                "1-2\n",
                "a-b",
                "1.0-2",
                "+1-2",
                "٣-٤",
                "1234567890-1",
                "1-1234567890123456789",
                "0x1-2"
            })
    void isEmptyForAnythingElse(String junk) {
        assertThat(EventPosition.parse(junk)).isEmpty();
    }
}
