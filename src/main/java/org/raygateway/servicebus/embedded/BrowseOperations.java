package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.amqp.Binary;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.raygateway.servicebus.embedded.ManagementNode.Operation;
import org.raygateway.servicebus.embedded.RequestNode.Response;

/** Messages by their sequence numbers: peek at any, receive deferred ones. */
final class BrowseOperations {

    private static final int PEEK_LOCK = 1;

    private final BrokerContext context;
    private final MessageQueue queue;
    private final int maxResponseBytes;

    BrowseOperations(BrokerContext context, MessageQueue queue, int maxResponseBytes) {
        this.context = context;
        this.queue = queue;
        this.maxResponseBytes = maxResponseBytes;
    }

    Map<String, Operation> byName() {
        return Map.of("peek-message", this::peek, "receive-by-sequence-number", this::receiveDeferred);
    }

    /** Fewer than asked for when they would not fit into one response; clients go on from the last number. */
    private Response peek(OperationArguments arguments) {
        int count = arguments.integer("message-count");
        List<Object> found = new ArrayList<>();
        int bytes = 0;
        for (StoredMessage message : queue.from(arguments.number("from-sequence-number"))) {
            bytes += message.content.size() + Capacity.OVERHEAD_BYTES;
            if (found.size() >= count || bytes > maxResponseBytes && !found.isEmpty()) {
                break;
            }
            found.add(Map.of("message", new Binary(context.codec.encodeDelivery(message, 0))));
        }
        return new Response(found.isEmpty() ? 204 : 200, Map.of("messages", found));
    }

    /** All of them or none: a number that is not there refuses the request before anything is locked. */
    private Response receiveDeferred(OperationArguments arguments) {
        List<Long> numbers =
                arguments.numbers("sequence-numbers").stream().distinct().toList();
        if (numbers.isEmpty()) {
            throw new AmqpException(Condition.ARGUMENT_ERROR, "The request names no sequence numbers.");
        }
        numbers.forEach(queue::requireDeferred);
        boolean locks = arguments.integer("receiver-settle-mode") == PEEK_LOCK;
        List<Object> found = new ArrayList<>();
        for (long number : numbers) {
            found.add(locks ? lock(number) : take(number));
        }
        return Response.ok("messages", found);
    }

    private Map<String, Object> lock(long number) {
        MessageLock lock = queue.lockDeferred(number);
        Map<String, Object> entry = new HashMap<>();
        entry.put("lock-token", lock.token);
        entry.put("message", new Binary(context.codec.encodeLocked(lock)));
        return entry;
    }

    private Map<String, Object> take(long number) {
        return Map.of("message", new Binary(context.codec.encodeDelivery(queue.takeDeferred(number), 0)));
    }
}
