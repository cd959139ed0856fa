package org.raygateway.ray.publish;

import java.time.Duration;

/** Takes status events on their way to the status topic. Safe to use from any thread; the order of one job's events is kept. */
public interface StatusPublisher extends AutoCloseable {
    /**
     * Hands an event over and returns soon. A progress event may be dropped where there is no room; RUNNING 0 and terminal
     * events wait for room, a bounded time.
     *
     * @return whether the event was taken
     */
    boolean publish(StatusMessage message);

    /** Waits until all that was taken is sent and confirmed. Returns false where the time did not suffice. */
    boolean flush(Duration patience);

    /** Sends what was taken, as far as a bounded time allows. */
    @Override
    void close();
}
