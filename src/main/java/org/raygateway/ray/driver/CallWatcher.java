package org.raygateway.ray.driver;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that waits for all running calls, and tells which have begun or returned. */
final class CallWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(CallWatcher.class);

    /** How late the return of a call may be seen that began while older ones were being waited for. */
    private static final Duration TURN = Duration.ofMillis(5);

    private static final Duration LAST_TURN = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final Actors actors;
    private final Consumer<Run> onBegin;
    private final Consumer<Run> onReturn;
    private final Map<Actors.Call, Run> running = new HashMap<>();
    private final Thread thread;
    private boolean closed;
    private volatile boolean over;

    CallWatcher(Actors actors, Consumer<Run> onBegin, Consumer<Run> onReturn) {
        this.actors = actors;
        this.onBegin = onBegin;
        this.onReturn = onReturn;
        this.thread = Threads.named("ray-watch").newThread(this::watchAll);
        thread.start();
    }

    synchronized void watch(Run run) {
        running.put(run.call, run);
        notifyAll();
    }

    private void watchAll() {
        try {
            while (!over) {
                List<Actors.Call> calls = awaitCalls();
                if (calls.isEmpty()) {
                    return;
                }
                watchOneTurn(calls);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty once closed. */
    private synchronized List<Actors.Call> awaitCalls() throws InterruptedException {
        while (running.isEmpty() && !closed) {
            wait();
        }
        return closed && running.isEmpty() ? List.of() : List.copyOf(running.keySet());
    }

    private void watchOneTurn(List<Actors.Call> calls) throws InterruptedException {
        try {
            for (Actors.Call call : actors.changed(calls, TURN)) {
                if (call.hasEnded()) {
                    onReturn.accept(forget(call));
                } else {
                    onBegin.accept(find(call));
                }
            }
        } catch (RuntimeException failed) {
            LOG.error("Ray could not be asked which executions have ended", failed);
            pause();
        }
    }

    private synchronized Run find(Actors.Call call) {
        return running.get(call);
    }

    private synchronized Run forget(Actors.Call call) {
        return running.remove(call);
    }

    private synchronized void pause() throws InterruptedException {
        if (!closed) {
            wait(PAUSE_AFTER_FAILURE.toMillis());
        }
    }

    /** Returns when every call has returned or the time is over. */
    void close(Duration patience) {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            // Zero would mean for ever.
            thread.join(Math.max(1, patience.toMillis()));
            over = true;
            thread.join(LAST_TURN.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
