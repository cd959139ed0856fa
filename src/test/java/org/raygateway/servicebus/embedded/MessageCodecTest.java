package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.qpid.proton.amqp.Binary;
import org.apache.qpid.proton.amqp.messaging.ApplicationProperties;
import org.apache.qpid.proton.amqp.messaging.Data;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.Test;

class MessageCodecTest {

    private final MessageCodec codec = new MessageCodec();

    private static Message message(byte[] body) {
        Message message = Message.Factory.create();
        message.setMessageId("id");
        message.setTtl(5_000);
        message.setBody(new Data(new Binary(body)));
        return message;
    }

    @Test
    void deliversTheBareMessageAsItCame() {
        byte[] body = new byte[10_000];
        new Random(1).nextBytes(body);
        MessageContent content = codec.parse(codec.encode(message(body)));
        StoredMessage stored = new StoredMessage(1, content);
        stored.sequence = 42;
        stored.deliveryCount = 3;

        byte[] delivered = codec.encodeDelivery(stored, 0);

        int bareLength = content.raw().length - content.bareOffset();
        assertThat(Arrays.copyOfRange(delivered, delivered.length - bareLength, delivered.length))
                .isEqualTo(Arrays.copyOfRange(content.raw(), content.bareOffset(), content.raw().length));
        assertThat(codec.decode(delivered).getDeliveryCount()).isEqualTo(3);
        assertThat(codec.decode(delivered).getMessageAnnotations().getValue()).containsValue(42L);
        assertThat(content.timeToLive()).isEqualTo(5_000);
        assertThat(content.messageId()).isEqualTo("id");
    }

    @Test
    void addsApplicationPropertiesWhereThereWereNone() {
        MessageContent amended =
                codec.withApplicationProperties(codec.parse(codec.encode(message(new byte[3]))), Map.of("a", 1));

        assertThat(codec.decode(amended.raw()).getApplicationProperties().getValue())
                .isEqualTo(Map.of("a", 1));
        assertThat(codec.parse(amended.raw()).bodyOffset()).isEqualTo(amended.bodyOffset());
        assertThat(codec.decode(amended.raw()).getBody()).hasToString(new Data(new Binary(new byte[3])).toString());
    }

    @Test
    void replacesApplicationPropertiesAndKeepsOthers() {
        Message message = message(new byte[3]);
        message.setApplicationProperties(new ApplicationProperties(Map.of("a", 1, "b", 2)));

        MessageContent amended =
                codec.withApplicationProperties(codec.parse(codec.encode(message)), Map.of("a", "new"));

        assertThat(codec.decode(amended.raw()).getApplicationProperties().getValue())
                .isEqualTo(Map.of("a", "new", "b", 2));
    }

    @Test
    void givesAMessageAnIdAndKeepsTheRest() {
        Message sent = message(new byte[] {1, 2, 3});
        sent.setMessageId(null);
        sent.setSubject("subject");
        sent.setApplicationProperties(new ApplicationProperties(Map.of("count", 7)));

        MessageContent identified = codec.withMessageId(codec.parse(codec.encode(sent)), "id-1");

        assertThat(identified.messageId()).isEqualTo("id-1");
        Message all = codec.decode(identified.raw());
        assertThat(all.getMessageId()).isEqualTo("id-1");
        assertThat(all.getSubject()).isEqualTo("subject");
        assertThat(all.getTtl()).isEqualTo(5_000);
        assertThat(all.getApplicationProperties().getValue()).isEqualTo(Map.of("count", 7));
        assertThat(all.getBody()).hasToString(sent.getBody().toString());
        assertThat(codec.parse(identified.raw())).usingRecursiveComparison().isEqualTo(identified);
        assertThat(codec.withApplicationProperties(identified, Map.of("more", true))
                        .messageId())
                .isEqualTo("id-1");
    }

    @Test
    void givesAMessageWithoutPropertiesAnId() {
        Message sent = Message.Factory.create();
        sent.setBody(new Data(new Binary(new byte[] {1})));
        MessageContent bare = codec.parse(codec.encode(sent));
        assertThat(bare.bareOffset()).isEqualTo(bare.bodyOffset());

        MessageContent identified = codec.withMessageId(bare, "id-1");

        assertThat(codec.decode(identified.raw()).getMessageId()).isEqualTo("id-1");
        assertThat(codec.parse(identified.raw())).usingRecursiveComparison().isEqualTo(identified);
    }

    @Test
    void refusesWhatIsNoMessage() {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            byte[] garbage = new byte[1 + random.nextInt(100)];
            random.nextBytes(garbage);
            garbage[0] = (byte) 0x80;
            assertThatThrownBy(() -> codec.parse(garbage)).isInstanceOf(AmqpException.class);
        }
    }

    @Test
    void refusesABatchWithoutMessages() {
        byte[] notABatch = codec.encode(Message.Factory.create());

        assertThatThrownBy(() -> codec.parseBatch(notABatch)).isInstanceOf(AmqpException.class);
    }

    @Test
    void writesLockTokensInTheByteOrderOfDotNet() {
        byte[] tag = LockTokens.toTag(java.util.UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));

        assertThat(tag)
                .containsExactly(
                        0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff);
    }
}
