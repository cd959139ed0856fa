package org.raygateway.ray.publish;

import java.util.List;

/** Sends status events as messages, one call at a time; only {@code close} may come while another call hangs. */
interface EventSender extends AutoCloseable {
    /**
     * Sends some of the events, from the first on, as one confirmed batch.
     *
     * @param messages in order, at least one
     * @return how many were sent, at least 1; the rest is for the next call
     * @throws RuntimeException where nothing is known to have been sent; it may be sent again, under the same message ids
     */
    int send(List<StatusMessage> messages);

    @Override
    void close();
}
