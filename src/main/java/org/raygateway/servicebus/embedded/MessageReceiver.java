package org.raygateway.servicebus.embedded;

import java.util.UUID;

/** A receiving link, as a queue sees it. */
interface MessageReceiver {

    /** True when a message could be delivered now. */
    boolean isReady();

    /** True for receive-and-delete: what is delivered is gone. */
    boolean deletesOnReceive();

    /**
     * Sends one message.
     *
     * @param lockToken the lock the receiver settles it with; null when it is deleted on receive
     */
    void deliver(UUID lockToken, byte[] encoded);
}
