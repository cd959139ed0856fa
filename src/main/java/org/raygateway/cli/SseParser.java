package org.raygateway.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads an event stream in pieces of any size (WHATWG HTML, section 9.2.6). Lines end with CR, LF or CRLF; an event that the stream's
 * end cuts off is never given out.
 */
final class SseParser {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final int limit;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private List<SseEvent> ready = new ArrayList<>();
    private String id = "";
    private String type = "";
    private boolean firstLine = true;
    private boolean afterCarriageReturn;
    private Duration retry;

    /** @param limit longest line and longest data of one event, in bytes and characters */
    SseParser(int limit) {
        this.limit = limit;
    }

    /**
     * Takes the next bytes and returns the events they complete, in order.
     *
     * @throws UnreachableException where a line or an event exceeds the limit: this is no event stream of ours
     */
    List<SseEvent> feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            take(bytes.get());
        }
        List<SseEvent> complete = ready;
        ready = new ArrayList<>();
        return complete;
    }

    /** The reconnection time that the stream asked for. */
    Optional<Duration> retry() {
        return Optional.ofNullable(retry);
    }

    private void take(byte next) {
        boolean secondHalfOfLineEnd = afterCarriageReturn && next == '\n';
        afterCarriageReturn = next == '\r';
        if (secondHalfOfLineEnd) {
            return;
        }
        if (next == '\n' || next == '\r') {
            endLine();
            return;
        }
        if (line.size() >= limit) {
            throw tooLong();
        }
        line.write(next);
    }

    private void endLine() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (firstLine && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            text = text.substring(1);
        }
        firstLine = false;
        if (text.isEmpty()) {
            dispatch();
        } else if (text.charAt(0) != ':') {
            field(text);
        }
    }

    private void field(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (name) {
            case "data" -> append(value);
            case "event" -> type = value;
            case "id" -> id = value.indexOf('\0') < 0 ? value : id;
            case "retry" -> retry = value.matches("\\d{1,9}") ? Duration.ofMillis(Long.parseLong(value)) : retry;
            default -> {
                // The standard says that unknown fields are skipped.
            }
        }
    }

    private void append(String value) {
        if (data.length() + value.length() >= limit) {
            throw tooLong();
        }
        data.append(value).append('\n');
    }

    private void dispatch() {
        if (data.length() > 0) {
            data.setLength(data.length() - 1);
            ready.add(new SseEvent(id, type.isEmpty() ? "message" : type, data.toString()));
        }
        data.setLength(0);
        type = "";
    }

    private UnreachableException tooLong() {
        return new UnreachableException("an event of the stream is longer than " + limit + " bytes");
    }
}
