package org.raygateway.status;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.raygateway.job.JobId;
import org.raygateway.job.StatusEvent;

/** Brings events to the subscribers of their jobs. Never waits for a subscriber. */
public final class StatusHub implements Consumer<List<StatusEvent>> {
    private final Map<JobId, Set<Subscriber>> subscribers = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final int maximum;

    public StatusHub(EventSettings settings) {
        this.maximum = settings.maxSubscribers();
    }

    /** @param events in the store already, in order */
    @Override
    public void accept(List<StatusEvent> events) {
        for (StatusEvent event : events) {
            Set<Subscriber> interested = subscribers.get(event.jobId());
            if (interested != null && !interested.isEmpty()) {
                EventFrame frame = EventFrame.of(event);
                interested.forEach(subscriber -> subscriber.offer(frame));
            }
        }
    }

    /** @return false where there are as many subscribers as may be */
    boolean add(Subscriber subscriber) {
        if (count.incrementAndGet() > maximum) {
            count.decrementAndGet();
            return false;
        }
        subscribers.compute(subscriber.jobId(), (id, present) -> {
            Set<Subscriber> set = present == null ? ConcurrentHashMap.newKeySet() : present;
            set.add(subscriber);
            return set;
        });
        return true;
    }

    void remove(Subscriber subscriber) {
        subscribers.computeIfPresent(subscriber.jobId(), (id, present) -> {
            if (present.remove(subscriber)) {
                count.decrementAndGet();
            }
            return present.isEmpty() ? null : present;
        });
    }

    Collection<Set<Subscriber>> all() {
        return subscribers.values();
    }

    /** From any thread: the streams end as after a last event, and who follows a job still may come back for the rest. */
    public void endAll() {
        subscribers.values().forEach(set -> set.forEach(Subscriber::end));
    }

    public int size() {
        return count.get();
    }
}
