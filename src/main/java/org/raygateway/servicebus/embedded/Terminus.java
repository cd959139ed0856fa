package org.raygateway.servicebus.embedded;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.apache.qpid.proton.amqp.DescribedType;
import org.apache.qpid.proton.amqp.Symbol;
import org.apache.qpid.proton.amqp.UnsignedLong;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.apache.qpid.proton.amqp.messaging.Modified;
import org.apache.qpid.proton.amqp.messaging.Rejected;
import org.apache.qpid.proton.amqp.messaging.Released;
import org.apache.qpid.proton.amqp.messaging.Source;
import org.apache.qpid.proton.amqp.messaging.Target;
import org.apache.qpid.proton.amqp.messaging.TerminusExpiryPolicy;
import org.apache.qpid.proton.engine.Receiver;
import org.apache.qpid.proton.engine.Sender;
import org.raygateway.servicebus.embedded.AmqpException.Condition;

/**
 * The sources and targets clients ask for. An answer lists what the broker honours and nothing else, and what would make it
 * hand out other messages than were asked for, or take away what was only to be looked at, is refused.
 *
 * @see <a href="https://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-messaging-v1.0-os.html#section-addressing">AMQP 1.0,
 *     part 3.5</a>
 */
final class Terminus {

    private static final Set<Symbol> OUTCOMES = Set.of(
            Accepted.DESCRIPTOR_SYMBOL,
            Rejected.DESCRIPTOR_SYMBOL,
            Released.DESCRIPTOR_SYMBOL,
            Modified.DESCRIPTOR_SYMBOL);
    private static final Symbol COPY = Symbol.valueOf("copy");
    private static final Symbol SESSION_FILTER = Symbol.valueOf("com.microsoft:session-filter");
    /** JMS selectors and no-local, by the names and numbers that Apache's clients give them. */
    private static final Set<Object> SELECTIVE = Set.of(
            Symbol.valueOf("apache.org:selector-filter:string"),
            UnsignedLong.valueOf(0x0000468C00000004L),
            Symbol.valueOf("apache.org:no-local-filter:list"),
            UnsignedLong.valueOf(0x0000468C00000003L),
            Symbol.valueOf("jms-selector"),
            Symbol.valueOf("no-local"));

    private Terminus() {}

    /** A source to answer with; null for null. */
    static Source honoured(org.apache.qpid.proton.amqp.transport.Source asked) {
        if (!(asked instanceof Source source)) {
            return null;
        }
        Source answer = new Source();
        answer.setAddress(source.getAddress());
        answer.setExpiryPolicy(TerminusExpiryPolicy.LINK_DETACH);
        answer.setOutcomes(known(source.getOutcomes()));
        return answer;
    }

    private static Symbol[] known(Symbol[] outcomes) {
        return outcomes == null
                ? null
                : Arrays.stream(outcomes).filter(OUTCOMES::contains).toArray(Symbol[]::new);
    }

    /** A target to answer with; null for null. */
    static Target honoured(org.apache.qpid.proton.amqp.transport.Target asked) {
        if (!(asked instanceof Target target)) {
            return null;
        }
        Target answer = new Target();
        answer.setAddress(target.getAddress());
        answer.setExpiryPolicy(TerminusExpiryPolicy.LINK_DETACH);
        return answer;
    }

    /** Where a client's sending link goes to. */
    static Target target(Receiver receiver) {
        if (!(receiver.getRemoteTarget() instanceof Target target)) {
            throw unsupported("A sending link needs an entity as its target; transactions are not supported.");
        }
        if (target.getDynamic() || target.getAddress() == null) {
            throw unsupported("A sending link needs the address of an entity; temporary queues and the anonymous"
                    + " terminus are not supported.");
        }
        return target;
    }

    /** Where a client's receiving link comes from. */
    static Source source(Sender sender) {
        if (!(sender.getRemoteSource() instanceof Source source)) {
            throw unsupported("A receiving link needs an entity as its source.");
        }
        if (source.getDynamic() || source.getAddress() == null) {
            throw unsupported("A receiving link needs the address of an entity; temporary queues are not supported.");
        }
        return source;
    }

    /** Refuses to be taken for a browser, or for a consumer that chooses. */
    static void requireHonest(Source source, String path) {
        if (COPY.equals(source.getDistributionMode())) {
            throw unsupported("Receiving from '" + path + "' takes messages, and distribution mode 'copy' (a JMS"
                    + " QueueBrowser) is not supported: peek by way of '" + path + "/$management'.");
        }
        Map<?, ?> filters = source.getFilter() == null ? Map.of() : source.getFilter();
        if (filters.containsKey(SESSION_FILTER)) {
            throw new AmqpException(
                    Condition.NOT_ALLOWED, "'" + path + "' has no sessions; receive from it without a session.");
        }
        filters.forEach((name, filter) -> {
            if (SELECTIVE.contains(name) || filter instanceof DescribedType type && isSelective(type)) {
                throw unsupported("Receivers of '" + path + "' cannot choose messages, which '" + name
                        + "' asks for: use a topic, with a subscription whose rules do.");
            }
        });
    }

    private static boolean isSelective(DescribedType filter) {
        return filter.getDescriptor() != null && SELECTIVE.contains(filter.getDescriptor());
    }

    private static AmqpException unsupported(String text) {
        return new AmqpException(Condition.NOT_IMPLEMENTED, text);
    }
}
