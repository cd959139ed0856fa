package org.raygateway.servicebus.embedded;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.raygateway.servicebus.embedded.MessageLog.RememberedId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The message ids one entity saw within its duplicate detection window, oldest first. */
final class DuplicateWindow {

    private static final Logger LOG = LoggerFactory.getLogger(DuplicateWindow.class);

    private final BrokerContext context;
    private final String queue;
    private final long windowMillis;
    private final Map<String, Long> seenAt = new LinkedHashMap<>();
    private boolean warned;

    DuplicateWindow(BrokerContext context, String queue, long windowMillis) {
        this.context = context;
        this.queue = queue;
        this.windowMillis = windowMillis;
    }

    /** True when the content's message id is new, or it has none; the id is remembered from then on. */
    boolean admit(MessageContent content, long now) {
        Object id = content.messageId();
        if (id == null) {
            return true;
        }
        forgetUntil(now - windowMillis);
        String key = id.toString();
        if (seenAt.containsKey(key)) {
            return false;
        }
        if (seenAt.size() >= context.maxRememberedIds) {
            forgetOldest();
        }
        seenAt.put(key, now);
        context.log.remember(new RememberedId(queue, key, now));
        return true;
    }

    void restore(RememberedId id) {
        seenAt.put(id.messageId(), id.seenAt());
    }

    private void forgetUntil(long time) {
        Iterator<Long> times = seenAt.values().iterator();
        boolean forgot = false;
        while (times.hasNext() && times.next() <= time) {
            times.remove();
            forgot = true;
        }
        if (forgot) {
            context.log.forgetIdsBefore(queue, time + 1);
        }
    }

    /** The log keeps ids of the same millisecond a little longer, as it forgets by time. */
    private void forgetOldest() {
        Iterator<Long> times = seenAt.values().iterator();
        long oldest = times.next();
        times.remove();
        context.log.forgetIdsBefore(queue, oldest);
        warnOnce();
    }

    private void warnOnce() {
        if (!warned) {
            warned = true;
            LOG.warn(
                    "Duplicate detection of {} remembers at most {} message ids, fewer than arrive in {} ms:"
                            + " older duplicates will pass. Raise maxRememberedIds or shorten the window.",
                    queue,
                    context.maxRememberedIds,
                    windowMillis);
        }
    }
}
