package org.raygateway.cli;

/**
 * One server-sent event.
 *
 * @param id the last id the stream named, this event's or an earlier one's; empty before the first
 * @param type {@code message} where the stream named none
 * @param data lines joined by a line feed
 */
record SseEvent(String id, String type, String data) {}
