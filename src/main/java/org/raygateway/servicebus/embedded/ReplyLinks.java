package org.raygateway.servicebus.embedded;

import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.proton.engine.Delivery;
import org.apache.qpid.proton.engine.Sender;
import org.apache.qpid.proton.engine.Session;

/** The links of one connection on which responses leave. */
final class ReplyLinks {

    /** Responses that may wait for a client's credit on one link. */
    static final int MAX_WAITING = 200;

    private record Place(Session session, String address) {}

    private final Map<String, Sender> byTarget = new HashMap<>();
    private final Map<Place, Sender> byPlace = new HashMap<>();

    /** @param target the client's own name for its end, which Java's reply-to repeats; may be null */
    BrokerLink add(Sender sender, String address, String target) {
        Place place = new Place(sender.getSession(), address);
        byPlace.put(place, sender);
        if (target != null) {
            byTarget.put(target, sender);
        }
        return new BrokerLink() {
            @Override
            public void onDelivery(Delivery delivery) {
                delivery.settle();
            }

            @Override
            public void onClosed() {
                byPlace.remove(place, sender);
                byTarget.remove(target, sender);
            }
        };
    }

    /** Python's reply-to names no link; there the session and the address decide. */
    Sender find(String replyTo, Session session, String address) {
        Sender named = replyTo == null ? null : byTarget.get(replyTo);
        return named != null ? named : byPlace.get(new Place(session, address));
    }
}
