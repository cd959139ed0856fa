package org.raygateway.servicebus.embedded;

import java.util.List;
import java.util.UUID;

/**
 * Messages as clients send them, made ready to be kept: one without a message id is given one, as Azure does, since
 * JavaScript's SDK cannot settle it otherwise.
 */
final class SentMessages {

    /** A batch: Data sections that hold encoded messages. */
    private static final int BATCH_FORMAT = 0x80013700;

    private SentMessages() {}

    /** The messages of one delivery. */
    static List<MessageContent> read(MessageCodec codec, byte[] raw, int format) {
        return format == BATCH_FORMAT
                ? codec.parseBatch(raw).stream()
                        .map(message -> identified(codec, message))
                        .toList()
                : List.of(read(codec, raw));
    }

    /** One message by itself. */
    static MessageContent read(MessageCodec codec, byte[] raw) {
        return identified(codec, codec.parse(raw));
    }

    private static MessageContent identified(MessageCodec codec, MessageContent message) {
        return message.messageId() != null
                ? message
                : codec.withMessageId(message, UUID.randomUUID().toString().replace("-", ""));
    }
}
