package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.raygateway.servicebus.embedded.AmqpException.Condition;
import org.raygateway.servicebus.embedded.MessageLog.SequenceMark;
import org.raygateway.servicebus.embedded.StoredMessage.State;

/**
 * A queue, a subscription or a dead-letter queue: messages in the order of their sequence numbers, each of them ready,
 * locked, deferred or scheduled.
 */
class MessageQueue implements Entity {

    final BrokerContext context;
    private final String path;
    private final QueueSettings settings;
    private final MessageQueue deadLetters;
    private final DuplicateWindow duplicates;
    private final TreeMap<Long, StoredMessage> messages = new TreeMap<>();
    private final TreeMap<Long, StoredMessage> ready = new TreeMap<>();
    private final MessageLocks locks;
    private final List<MessageReceiver> receivers = new ArrayList<>();
    private int lastReceiver;
    private final SequenceNumbers sequence;

    /** @param deadLetters where messages go that cannot be delivered; null for a dead-letter queue itself */
    MessageQueue(BrokerContext context, String path, QueueSettings settings, MessageQueue deadLetters) {
        this.context = context;
        this.path = path;
        this.settings = settings;
        this.deadLetters = deadLetters;
        this.locks = new MessageLocks(context.timers, settings.lockMillis(), message -> redeliver(message, Map.of()));
        this.sequence = new SequenceNumbers(context.log, path);
        this.duplicates = settings.duplicateWindowMillis() > 0
                ? new DuplicateWindow(context, path, settings.duplicateWindowMillis())
                : null;
    }

    static MessageQueue withDeadLetters(BrokerContext context, String path, QueueSettings settings) {
        MessageQueue deadLetters =
                new MessageQueue(context, path + EntityPath.DEAD_LETTER_SUFFIX, settings.forDeadLetters(), null);
        return new MessageQueue(context, path, settings, deadLetters);
    }

    @Override
    public String path() {
        return path;
    }

    MessageQueue deadLetters() {
        return deadLetters;
    }

    DuplicateWindow duplicates() {
        return duplicates;
    }

    // ---- taking messages in

    @Override
    public void publish(List<MessageContent> contents) {
        requireRoom(context, contents, 1);
        for (MessageContent content : contents) {
            if (admits(content)) {
                enqueue(content);
            }
        }
    }

    /** False for a duplicate of what was sent or scheduled before. */
    boolean admits(MessageContent content) {
        return duplicates == null || duplicates.admit(content, context.timers.now());
    }

    @Override
    public List<Long> schedule(List<MessageContent> contents) {
        requireRoom(context, contents, 1);
        List<Long> numbers = new ArrayList<>(contents.size());
        for (MessageContent content : contents) {
            // A duplicate gets a number too, under which nothing is found.
            numbers.add(admits(content) ? enqueue(content).sequence : sequence.next());
        }
        return numbers;
    }

    static void requireRoom(BrokerContext context, List<MessageContent> contents, int copies) {
        long bytes = 0;
        for (MessageContent content : contents) {
            bytes += content.size();
        }
        context.capacity.require(contents.size() * copies, bytes * copies);
    }

    StoredMessage enqueue(MessageContent content) {
        StoredMessage message = new StoredMessage(context.nextMessageId(), content);
        long now = context.timers.now();
        message.enqueuedAt = now;
        message.scheduledFor = content.scheduledFor();
        message.state = message.scheduledFor > now ? State.SCHEDULED : State.ACTIVE;
        long timeToLive = Math.min(content.timeToLive(), settings.timeToLiveMillis());
        long start = Math.max(now, message.scheduledFor);
        message.expiresAt = timeToLive < Long.MAX_VALUE - start ? start + timeToLive : 0;
        add(message, sequence.next());
        context.log.save(message);
        return message;
    }

    /** Takes a message back that the log had for this queue. */
    void restore(StoredMessage message) {
        add(message, message.sequence);
    }

    void restore(SequenceMark mark) {
        sequence.restore(mark);
    }

    private void add(StoredMessage message, long number) {
        message.queue = path;
        message.sequence = number;
        messages.put(number, message);
        context.capacity.add(message.content.size());
        if (message.state == State.SCHEDULED) {
            message.timer = context.timers.schedule(message.scheduledFor, () -> due(message));
        } else {
            scheduleExpiry(message);
            if (message.state == State.ACTIVE) {
                makeReady(message);
            }
        }
    }

    private void makeReady(StoredMessage message) {
        ready.put(message.sequence, message);
        context.changed(this);
    }

    private void scheduleExpiry(StoredMessage message) {
        if (message.expiresAt > 0) {
            message.timer = context.timers.schedule(message.expiresAt, () -> expireUnlessLocked(message));
        }
    }

    /** A scheduled message appears as if it had been sent now, with a sequence number of its own. */
    void due(StoredMessage message) {
        take(message);
        message.state = State.ACTIVE;
        message.enqueuedAt = context.timers.now();
        add(message, sequence.next());
        context.log.save(message);
    }

    // ---- handing messages out

    void addReceiver(MessageReceiver receiver) {
        receivers.add(receiver);
        context.changed(this);
    }

    void removeReceiver(MessageReceiver receiver) {
        receivers.remove(receiver);
    }

    void dispatch() {
        int busy = 0;
        while (!ready.isEmpty() && busy < receivers.size()) {
            lastReceiver = (lastReceiver + 1) % receivers.size();
            MessageReceiver receiver = receivers.get(lastReceiver);
            if (receiver.isReady()) {
                busy = 0;
                deliver(ready.firstEntry().getValue(), receiver);
            } else {
                busy++;
            }
        }
    }

    private void deliver(StoredMessage message, MessageReceiver receiver) {
        if (receiver.deletesOnReceive()) {
            byte[] encoded = context.codec.encodeDelivery(message, 0);
            remove(message);
            receiver.deliver(null, encoded);
        } else {
            MessageLock lock = lock(message);
            receiver.deliver(lock.token, context.codec.encodeDelivery(message, lock.lockedUntil));
        }
    }

    private MessageLock lock(StoredMessage message) {
        ready.remove(message.sequence);
        return locks.lock(message);
    }

    /** @return the new end of the lock, in epoch milliseconds */
    long renew(UUID token) {
        MessageLock lock = locks.require(token);
        locks.extend(lock);
        return lock.lockedUntil;
    }

    /** @throws AmqpException {@code com.microsoft:message-lock-lost} when the token holds no message here (any more) */
    void settle(UUID token, Settlement settlement) {
        MessageLock lock = locks.require(token);
        if (deadLetters == null && settlement instanceof Settlement.DeadLetter) {
            throw new AmqpException(
                    Condition.NOT_ALLOWED,
                    "'" + path
                            + "' is a dead-letter queue, and its messages go nowhere else: complete or abandon them.");
        }
        locks.unlock(lock);
        StoredMessage message = lock.message;
        if (settlement instanceof Settlement.Complete) {
            remove(message);
        } else if (settlement instanceof Settlement.Release) {
            putBack(message);
        } else if (settlement instanceof Settlement.Abandon abandon) {
            redeliver(message, abandon.properties());
        } else if (settlement instanceof Settlement.Defer defer) {
            amend(message, defer.properties());
            message.state = State.DEFERRED;
            context.log.save(message);
            expireIfOverdue(message);
        } else if (settlement instanceof Settlement.DeadLetter dead) {
            deadLetter(message, dead);
        }
        context.changed(this);
    }

    /** Counts the delivery that came to nothing, but not in a dead-letter queue, which messages leave in no other way. */
    private void redeliver(StoredMessage message, Map<String, Object> properties) {
        amend(message, properties);
        message.deliveryCount += deadLetters == null ? 0 : 1;
        if (message.deliveryCount >= settings.maxDeliveryCount()) {
            String description =
                    "Message could not be consumed after " + settings.maxDeliveryCount() + " delivery attempts.";
            deadLetter(message, new Settlement.DeadLetter("MaxDeliveryCountExceeded", description, Map.of()));
            return;
        }
        context.log.save(message);
        putBack(message);
    }

    private void putBack(StoredMessage message) {
        if (!expireIfOverdue(message) && message.state == State.ACTIVE) {
            makeReady(message);
        }
    }

    private void amend(StoredMessage message, Map<String, Object> properties) {
        MessageContent amended = context.codec.withApplicationProperties(message.content, properties);
        context.capacity.remove(message.content.size());
        context.capacity.add(amended.size());
        message.content = amended;
    }

    // ---- letting messages go

    private void expireUnlessLocked(StoredMessage message) {
        if (message.lock == null) {
            expireIfOverdue(message);
        }
    }

    private boolean expireIfOverdue(StoredMessage message) {
        if (message.expiresAt == 0 || message.expiresAt > context.timers.now()) {
            return false;
        }
        if (settings.deadLetterOnExpiration()) {
            String description = "The message expired and was dead lettered.";
            deadLetter(message, new Settlement.DeadLetter("TTLExpiredException", description, Map.of()));
        } else {
            remove(message);
        }
        return true;
    }

    private void deadLetter(StoredMessage message, Settlement.DeadLetter dead) {
        Map<String, Object> properties = new HashMap<>(dead.properties());
        if (dead.reason() != null) {
            properties.put(Settlement.REASON, dead.reason());
        }
        if (dead.description() != null) {
            properties.put(Settlement.DESCRIPTION, dead.description());
        }
        amend(message, properties);
        take(message);
        message.deadLetterSource = path;
        message.state = State.ACTIVE;
        message.expiresAt = 0;
        message.scheduledFor = 0;
        deadLetters.add(message, deadLetters.sequence.next());
        context.log.save(message);
    }

    void remove(StoredMessage message) {
        take(message);
        context.log.delete(message);
    }

    private void take(StoredMessage message) {
        messages.remove(message.sequence);
        ready.remove(message.sequence);
        context.timers.cancel(message.timer);
        message.timer = null;
        context.capacity.remove(message.content.size());
    }

    // ---- by sequence number

    /** Messages of every state from a sequence number on; nothing is locked. */
    Iterable<StoredMessage> from(long sequenceNumber) {
        return messages.tailMap(sequenceNumber, true).values();
    }

    /** A deferred message under a new lock. */
    MessageLock lockDeferred(long sequenceNumber) {
        return lock(requireDeferred(sequenceNumber));
    }

    /** A deferred message that is deleted by being received. */
    StoredMessage takeDeferred(long sequenceNumber) {
        StoredMessage message = requireDeferred(sequenceNumber);
        remove(message);
        return message;
    }

    StoredMessage requireDeferred(long sequenceNumber) {
        StoredMessage message = messages.get(sequenceNumber);
        if (message == null || message.state != State.DEFERRED || message.lock != null) {
            throw notFound(sequenceNumber, "deferred");
        }
        return message;
    }

    @Override
    public void cancelScheduled(List<Long> sequenceNumbers) {
        for (long number : sequenceNumbers) {
            StoredMessage message = messages.get(number);
            if (message == null || message.state != State.SCHEDULED) {
                throw notFound(number, "scheduled");
            }
        }
        sequenceNumbers.forEach(number -> {
            StoredMessage message = messages.get(number);
            if (message != null) {
                remove(message);
            }
        });
    }

    private AmqpException notFound(long sequenceNumber, String state) {
        return new AmqpException(
                Condition.MESSAGE_NOT_FOUND,
                "There is no " + state + " message " + sequenceNumber + " in '" + path + "'.");
    }
}
