package org.raygateway.servicebus.embedded;

import org.apache.qpid.proton.engine.Delivery;

/** What the broker does on one attached link; kept as the engine link's context. */
interface BrokerLink {

    /** A message, a part of one, or an outcome arrived. */
    default void onDelivery(Delivery delivery) {}

    /** The peer gave credit or asked to drain. */
    default void onFlow() {}

    /** The link is gone, by detach or with its connection. */
    default void onClosed() {}
}
