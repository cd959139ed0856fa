package org.raygateway.servicebus.embedded;

import java.util.List;

/** Something messages can be sent to: a queue or a topic. */
interface Entity {

    /** The path clients address, lower case. */
    String path();

    /**
     * Takes all messages, or none when one does not fit.
     *
     * @throws AmqpException {@code amqp:resource-limit-exceeded} when the namespace is full
     */
    void publish(List<MessageContent> messages);

    /** Takes messages that appear at their scheduled time, and returns the sequence numbers that cancel them. */
    List<Long> schedule(List<MessageContent> messages);

    /** @throws AmqpException {@code com.microsoft:message-not-found} when one of them is not scheduled here (any more) */
    void cancelScheduled(List<Long> sequenceNumbers);
}
