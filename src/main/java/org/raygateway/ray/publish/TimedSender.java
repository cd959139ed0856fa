package org.raygateway.ray.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A sender whose calls end in time. Each runs in a thread of its own, since the SDK's timeouts do not cover what blocks the
 * caller itself; a thread that does not come back is interrupted, and left behind with its sender. Used by one thread.
 */
final class TimedSender implements EventSender {
    private final EventSender sender;
    private final Duration patience;
    private final List<Thread> left = new ArrayList<>();

    TimedSender(EventSender sender, Duration patience) {
        this.sender = sender;
        this.patience = patience;
    }

    @Override
    public int send(List<StatusMessage> messages) {
        return call(new FutureTask<>(() -> sender.send(messages)));
    }

    @Override
    public void close() {
        call(new FutureTask<>(sender::close, null));
    }

    /** Whether a call has not come back to this day. */
    boolean isStuck() {
        return left.stream().anyMatch(Thread::isAlive);
    }

    private <T> T call(FutureTask<T> step) {
        Thread thread = new Thread(step, "status-sender");
        thread.setDaemon(true);
        thread.start();
        try {
            return step.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        } catch (TimeoutException late) {
            leave(thread);
            throw new IllegalStateException("no answer within " + patience, late);
        } catch (InterruptedException stopped) {
            leave(thread);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    private void leave(Thread thread) {
        thread.interrupt();
        left.add(thread);
    }
}
