package org.raygateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseParserTest {
    private final SseParser parser = new SseParser(64);

    @Test
    void readsIdTypeAndData() {
        assertThat(feed("id: 1-2\nevent: status\ndata: {}\n\n")).containsExactly(new SseEvent("1-2", "status", "{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void endsLinesAsTheStandardSays(String end) {
        String stream = String.join(end, "data: a", "data: b", "", "data:c", "", "");
        assertThat(feed(stream)).containsExactly(new SseEvent("", "message", "a\nb"), new SseEvent("", "message", "c"));
    }

    @Test
    void readsTheSameEventsHoweverTheBytesAreCut() {
        byte[] bytes =
                "\uFEFFid: é\r\ndata: größe\r\n\r\n: beat\r\n\r\ndata: 2\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        List<SseEvent> events = new ArrayList<>();
        for (byte single : bytes) {
            events.addAll(parser.feed(ByteBuffer.wrap(new byte[] {single})));
        }
        assertThat(events).containsExactly(new SseEvent("é", "message", "größe"), new SseEvent("é", "message", "2"));
    }

    @Test
    void skipsCommentsUnknownFieldsAndEventsWithoutData() {
        assertThat(feed(": heartbeat\n\nevent: empty\n\ncolour: red\ndata\n\n"))
                .containsExactly(new SseEvent("", "message", ""));
    }

    @Test
    void keepsTheIdUntilAnotherComesAndIgnoresOneWithANull() {
        assertThat(feed("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n"))
                .extracting(SseEvent::id)
                .containsExactly("1", "1");
    }

    @Test
    void givesOutNoEventThatTheEndCutsOff() {
        assertThat(feed("data: whole\n\ndata: cut off\n")).containsExactly(new SseEvent("", "message", "whole"));
    }

    @Test
    void remembersTheReconnectionTime() {
        feed("retry: 1500\nretry: soon\n");
        assertThat(parser.retry()).contains(Duration.ofMillis(1500));
    }

    @Test
    void refusesALineWithoutEnd() {
        String line = "data: " + "x".repeat(64);
        assertThatThrownBy(() -> feed(line))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("64");
    }

    @Test
    void refusesAnEventWithoutEnd() {
        String stream = "data: 0123456789\n".repeat(8);
        assertThatThrownBy(() -> feed(stream)).isInstanceOf(UnreachableException.class);
    }

    private List<SseEvent> feed(String text) {
        return parser.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
