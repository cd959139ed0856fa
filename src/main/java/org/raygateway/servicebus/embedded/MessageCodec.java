package org.raygateway.servicebus.embedded;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedInteger;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.amqp.messaging.DeliveryAnnotations;
import org.apache.qpid.proton.amqp.messaging.Header;
import org.apache.qpid.proton.amqp.messaging.MessageAnnotations;
import org.apache.qpid.proton.amqp.messaging.Properties;
import org.apache.qpid.proton.codec.AMQPDefinedTypes;
import org.apache.qpid.proton.codec.DecoderImpl;
import org.apache.qpid.proton.codec.EncoderImpl;
import org.apache.qpid.proton.message.Message;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/**
 * Reads and writes message sections (AMQP 1.0, 3.2). It decodes no more than the broker needs, so bodies pass through as
 * bytes whatever they contain. Used by one thread, since the engine's decoder keeps its position.
 */
final class MessageCodec {

    private static final Symbol SEQUENCE_NUMBER = Symbol.valueOf("x-opt-sequence-number");
    private static final Symbol ENQUEUED_SEQUENCE_NUMBER = Symbol.valueOf("x-opt-enqueue-sequence-number");
    private static final Symbol ENQUEUED_TIME = Symbol.valueOf("x-opt-enqueued-time");
    private static final Symbol LOCKED_UNTIL = Symbol.valueOf("x-opt-locked-until");
    private static final Symbol LOCK_TOKEN = Symbol.valueOf("x-opt-lock-token");
    private static final Symbol MESSAGE_STATE = Symbol.valueOf("x-opt-message-state");
    private static final Symbol DEAD_LETTER_SOURCE = Symbol.valueOf("x-opt-deadletter-source");

    private static final byte SMALL_ULONG = 0x53;
    private static final byte DATA = 0x75;
    private static final byte FOOTER = 0x78;

    private final DecoderImpl decoder = new DecoderImpl();
    private final EncoderImpl encoder = new EncoderImpl(decoder);
    private ByteBuffer scratch = ByteBuffer.allocate(4096);

    MessageCodec() {
        AMQPDefinedTypes.registerAllTypes(decoder, encoder);
    }

    /** @throws AmqpException {@code amqp:decode-error} for anything but an AMQP message */
    MessageContent parse(byte[] raw) {
        return decoding(() -> {
            ByteBuffer buffer = ByteBuffer.wrap(raw);
            decoder.setByteBuffer(buffer);
            Header header = null;
            Map<Symbol, Object> annotations = Map.of();
            Object messageId = null;
            int bareOffset = 0;
            int applicationPropertiesOffset = 0;
            while (buffer.hasRemaining() && !atBody(raw, buffer.position())) {
                Object section = decoder.readObject();
                if (section instanceof Properties properties) {
                    messageId = properties.getMessageId();
                } else if (section instanceof Header found) {
                    header = found;
                } else if (section instanceof MessageAnnotations found) {
                    annotations = found.getValue() == null ? Map.of() : found.getValue();
                } else if (!(section instanceof DeliveryAnnotations) && !(section instanceof ApplicationProperties)) {
                    throw new AmqpException(Condition.DECODE_ERROR, "The message has an unknown section.");
                }
                if (!(section instanceof ApplicationProperties)) {
                    applicationPropertiesOffset = buffer.position();
                    bareOffset = section instanceof Properties ? bareOffset : buffer.position();
                }
            }
            int bodyOffset = buffer.position();
            return new MessageContent(
                    raw, header, annotations, messageId, bareOffset, applicationPropertiesOffset, bodyOffset);
        });
    }

    /** Tells a body section by its descriptor, so that bodies are not decoded. */
    private static boolean atBody(byte[] raw, int at) {
        return at + 2 < raw.length
                && raw[at] == 0
                && raw[at + 1] == SMALL_ULONG
                && raw[at + 2] >= DATA
                && raw[at + 2] <= FOOTER;
    }

    /** The messages of a batch (format 0x80013700): each Data section holds one encoded message. */
    List<MessageContent> parseBatch(byte[] raw) {
        List<byte[]> parts = decoding(() -> {
            ByteBuffer buffer = ByteBuffer.wrap(raw);
            decoder.setByteBuffer(buffer);
            List<byte[]> found = new ArrayList<>();
            while (buffer.hasRemaining()) {
                if (decoder.readObject() instanceof Data data) {
                    found.add(bytes(data.getValue()));
                }
            }
            return found;
        });
        if (parts.isEmpty()) {
            throw new AmqpException(Condition.DECODE_ERROR, "The batch has no messages.");
        }
        List<MessageContent> messages = new ArrayList<>(parts.size());
        for (byte[] part : parts) {
            messages.add(parse(part));
        }
        return messages;
    }

    /** A whole message, for requests. */
    Message decode(byte[] raw) {
        return decode(raw, 0, raw.length);
    }

    /** Properties and application properties alone, for filters. */
    Message decodeProperties(MessageContent content) {
        return decode(content.raw(), content.bareOffset(), content.bodyOffset() - content.bareOffset());
    }

    private static Message decode(byte[] raw, int offset, int length) {
        return decoding(() -> {
            Message message = Message.Factory.create();
            message.decode(raw, offset, length);
            return message;
        });
    }

    /** The content with this message id; its other properties are encoded anew, other sections keep their bytes. */
    MessageContent withMessageId(MessageContent content, String id) {
        byte[] raw = content.raw();
        int start = content.bareOffset();
        int end = content.applicationPropertiesOffset();
        Properties properties = new Properties();
        if (start < end) {
            decoder.setByteBuffer(ByteBuffer.wrap(raw, start, end - start));
            properties = (Properties) decoder.readObject();
        }
        properties.setMessageId(id);
        byte[] encoded = encode(properties);
        int longer = encoded.length - (end - start);
        return new MessageContent(
                replace(raw, start, end, encoded),
                content.header(),
                content.annotations(),
                id,
                start,
                end + longer,
                content.bodyOffset() + longer);
    }

    /** The content with application properties added or replaced; other sections keep their bytes. */
    MessageContent withApplicationProperties(MessageContent content, Map<String, Object> added) {
        if (added.isEmpty()) {
            return content;
        }
        byte[] raw = content.raw();
        int start = content.applicationPropertiesOffset();
        Map<String, Object> properties = new HashMap<>();
        if (start < content.bodyOffset()) {
            decoder.setByteBuffer(ByteBuffer.wrap(raw, start, content.bodyOffset() - start));
            Map<String, Object> existing = ((ApplicationProperties) decoder.readObject()).getValue();
            properties.putAll(existing == null ? Map.of() : existing);
        }
        properties.putAll(added);
        byte[] encoded = encode(new ApplicationProperties(properties));
        return new MessageContent(
                replace(raw, start, content.bodyOffset(), encoded),
                content.header(),
                content.annotations(),
                content.messageId(),
                content.bareOffset(),
                start,
                start + encoded.length);
    }

    private static byte[] replace(byte[] raw, int start, int end, byte[] replacement) {
        byte[] joined = new byte[raw.length - (end - start) + replacement.length];
        System.arraycopy(raw, 0, joined, 0, start);
        System.arraycopy(replacement, 0, joined, start, replacement.length);
        System.arraycopy(raw, end, joined, start + replacement.length, raw.length - end);
        return joined;
    }

    /** The bytes of one delivery: a header and annotations of the broker's, then the sender's bare message. */
    byte[] encodeDelivery(StoredMessage message, long lockedUntil) {
        return join(message.content, deliveryHeader(message), annotations(message, lockedUntil));
    }

    /** A locked message that leaves in a response, not as a delivery of its own: no tag carries its lock's token. */
    byte[] encodeLocked(MessageLock lock) {
        StoredMessage message = lock.message;
        return join(
                message.content,
                deliveryHeader(message),
                new DeliveryAnnotations(Map.of(LOCK_TOKEN, lock.token)),
                annotations(message, lock.lockedUntil));
    }

    private byte[] join(MessageContent content, Object... sections) {
        byte[] leading = encode(sections);
        int bareLength = content.raw().length - content.bareOffset();
        ByteBuffer joined = ByteBuffer.allocate(leading.length + bareLength);
        joined.put(leading).put(content.raw(), content.bareOffset(), bareLength);
        return joined.array();
    }

    /** A value by itself, to be kept. */
    byte[] encodeValue(Object value) {
        return encode(new AmqpValue(value));
    }

    /** A value that {@link #encodeValue} encoded. */
    Object decodeValue(byte[] encoded) {
        return decoding(() -> {
            decoder.setByteBuffer(ByteBuffer.wrap(encoded));
            return ((AmqpValue) decoder.readObject()).getValue();
        });
    }

    byte[] encode(Message message) {
        for (; ; ) {
            try {
                byte[] target = scratch.array();
                int length = message.encode(target, 0, target.length);
                return Arrays.copyOf(target, length);
            } catch (BufferOverflowException e) {
                growScratch();
            }
        }
    }

    static byte[] bytes(Binary binary) {
        byte[] copy = new byte[binary.getLength()];
        System.arraycopy(binary.getArray(), binary.getArrayOffset(), copy, 0, copy.length);
        return copy;
    }

    private static Header deliveryHeader(StoredMessage message) {
        Header sent = message.content.header();
        Header header = new Header();
        if (sent != null) {
            header.setDurable(sent.getDurable());
            header.setPriority(sent.getPriority());
            header.setTtl(sent.getTtl());
        }
        header.setDeliveryCount(UnsignedInteger.valueOf(message.deliveryCount));
        return header;
    }

    private static MessageAnnotations annotations(StoredMessage message, long lockedUntil) {
        Map<Symbol, Object> annotations = new HashMap<>(message.content.annotations());
        annotations.put(SEQUENCE_NUMBER, message.sequence);
        annotations.putIfAbsent(ENQUEUED_SEQUENCE_NUMBER, message.sequence);
        annotations.put(ENQUEUED_TIME, new Date(message.enqueuedAt));
        annotations.put(MESSAGE_STATE, message.state.ordinal());
        if (lockedUntil > 0) {
            annotations.put(LOCKED_UNTIL, new Date(lockedUntil));
        }
        if (message.deadLetterSource != null) {
            annotations.put(DEAD_LETTER_SOURCE, message.deadLetterSource);
        }
        return new MessageAnnotations(annotations);
    }

    private byte[] encode(Object... sections) {
        for (; ; ) {
            try {
                scratch.clear();
                encoder.setByteBuffer(scratch);
                for (Object section : sections) {
                    encoder.writeObject(section);
                }
                return Arrays.copyOf(scratch.array(), scratch.position());
            } catch (BufferOverflowException e) {
                growScratch();
            }
        }
    }

    private void growScratch() {
        scratch = ByteBuffer.allocate(scratch.capacity() * 2);
    }

    /** The engine's decoder reports bad input by many exceptions, and by a stack overflow when it nests too deeply. */
    private static <T> T decoding(Supplier<T> work) {
        try {
            return work.get();
        } catch (AmqpException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AmqpException(Condition.DECODE_ERROR, "The message is not a well-formed AMQP 1.0 message.");
        }
    }
}
