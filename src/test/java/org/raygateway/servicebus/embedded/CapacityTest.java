package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.apache.qpid.proton.amqp.messaging.AmqpValue;
import org.apache.qpid.proton.message.Message;
import org.junit.jupiter.api.Test;
import org.raygateway.servicebus.embedded.Capacity.Share;

/** 80 messages for two entities: 40 for either of them, 15 reserved for each, 5 for each one's dead letters. */
class CapacityTest {
    private final MessageCodec codec = new MessageCodec();
    private final MessageContent small = content(10);
    private final Capacity capacity = new Capacity(80, 1 << 20, 2);
    private final Share jobs = capacity.share("jobs");
    private final Share statuses = capacity.share("statuses");

    private MessageContent content(int size) {
        Message message = Message.Factory.create();
        message.setBody(new AmqpValue("x".repeat(size)));
        return codec.parse(codec.encode(message));
    }

    private int fill(Share share) {
        int count = 0;
        while (share.fits(List.of(small))) {
            share.add(small.size());
            count++;
        }
        return count;
    }

    @Test
    void reservesAPartThatNobodyElseCanTake() {
        assertThat(fill(jobs)).isEqualTo(55);
        assertThat(fill(statuses)).isEqualTo(15);
    }

    @Test
    void givesTheRestToWhoeverNeedsItFirst() {
        fill(jobs);
        fill(statuses);
        jobs.remove(small.size());

        assertThat(fill(statuses)).isEqualTo(1);
        assertThat(jobs.fits(List.of(small))).isFalse();
    }

    @Test
    void takesAllOfABatchOrNothing() {
        assertThat(jobs.fits(Collections.nCopies(55, small))).isTrue();
        assertThat(jobs.fits(Collections.nCopies(56, small))).isFalse();
        assertThatThrownBy(() -> jobs.require(Collections.nCopies(56, small)))
                .isInstanceOf(AmqpException.class)
                .hasMessageContaining("'jobs' is full: it holds 0 messages and 0 bytes");
    }

    @Test
    void boundsBytesInTheSameWay() {
        int eighth = (1 << 20) / 8;
        assertThat(jobs.fits(List.of(content(5 * eighth)))).isTrue();
        assertThat(jobs.fits(List.of(content(6 * eighth)))).isFalse();

        jobs.add(5 * eighth);

        assertThat(statuses.fits(List.of(content(eighth)))).isTrue();
        assertThat(statuses.fits(List.of(content(3 * eighth)))).isFalse();
    }

    @Test
    void keepsDeadLettersToAPartOfTheirOwn() {
        assertThat(fill(capacity.deadLetterShare("jobs/$deadletterqueue"))).isEqualTo(5);
        assertThat(fill(jobs)).isEqualTo(55);
    }

    @Test
    void countsWhatIsThereAlreadyEvenBeyondTheBound() {
        for (int i = 0; i < 100; i++) {
            jobs.add(small.size());
        }
        assertThat(jobs.fits(List.of(small))).isFalse();
        assertThat(fill(statuses)).isEqualTo(15);
        for (int i = 0; i < 46; i++) {
            jobs.remove(small.size());
        }
        assertThat(jobs.fits(List.of(small))).isTrue();
    }
}
