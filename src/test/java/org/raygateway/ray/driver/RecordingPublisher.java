package org.raygateway.ray.driver;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.raygateway.job.StatusEvent;
import org.raygateway.ray.publish.StatusMessage;
import org.raygateway.ray.publish.StatusPublisher;

/** Keeps what is published. */
final class RecordingPublisher implements StatusPublisher {
    private final Map<String, List<StatusEvent>> events = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> traceparents = new ConcurrentHashMap<>();

    @Override
    public boolean publish(StatusMessage message) {
        StatusEvent event = message.event();
        traceparents
                .computeIfAbsent(event.jobId().toString(), job -> ConcurrentHashMap.newKeySet())
                .add(message.traceparent());
        return events.computeIfAbsent(event.jobId().toString(), job -> new CopyOnWriteArrayList<>())
                .add(event);
    }

    @Override
    public boolean flush(Duration patience) {
        return true;
    }

    @Override
    public void close() {}

    List<StatusEvent> of(String job) {
        return events.getOrDefault(job, List.of());
    }

    /** Of all that was published of the job. */
    Set<String> traceparentsOf(String job) {
        return traceparents.getOrDefault(job, Set.of());
    }

    StatusEvent lastOf(String job) {
        List<StatusEvent> all = of(job);
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    boolean hasTerminal(String job) {
        return of(job).stream().anyMatch(event -> event.status().isTerminal());
    }
}
