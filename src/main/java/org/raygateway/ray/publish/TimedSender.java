package org.raygateway.ray.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A sender whose calls end in time. They run in a thread of their own, since the SDK's timeouts do not cover what blocks the
 * caller itself; a thread that does not come back is interrupted and left behind, and the next call, which may only be the one that
 * closes the sender, gets another. Used by one thread.
 */
final class TimedSender implements EventSender {
    private final EventSender sender;
    private final Duration patience;
    private final List<Thread> left = new ArrayList<>();
    private ExecutorService caller;
    private volatile Thread thread;

    TimedSender(EventSender sender, Duration patience) {
        this.sender = sender;
        this.patience = patience;
    }

    @Override
    public int send(List<StatusMessage> messages) {
        return call(() -> sender.send(messages));
    }

    @Override
    public void close() {
        try {
            call(Executors.callable(sender::close));
        } finally {
            if (caller != null) {
                caller.shutdown();
            }
        }
    }

    /** Whether a call has not come back to this day. */
    boolean isStuck() {
        return left.stream().anyMatch(Thread::isAlive);
    }

    private <T> T call(Callable<T> step) {
        if (caller == null) {
            caller = Executors.newSingleThreadExecutor(this::newThread);
        }
        try {
            return caller.submit(step).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed.getCause());
        } catch (TimeoutException late) {
            leave();
            throw new IllegalStateException("no answer within " + patience, late);
        } catch (InterruptedException stopped) {
            leave();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", stopped);
        }
    }

    private Thread newThread(Runnable calls) {
        thread = new Thread(calls, "status-sender");
        thread.setDaemon(true);
        return thread;
    }

    private void leave() {
        caller.shutdownNow();
        caller = null;
        left.add(thread);
    }
}
