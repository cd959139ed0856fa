package org.raygateway.status;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.raygateway.job.EventPosition;
import org.raygateway.job.JobId;

/**
 * One open event stream. Its state belongs to its connection's event loop. Until the replay is through, live events wait; after
 * that each goes out if it comes after the last one sent, so replay and live stream join without gap or repetition.
 */
final class Subscriber {
    /** Live events that may wait for a replay to finish, or for the socket; more and the client counts as slow. */
    private static final int MAX_WAITING = 1000;

    private final JobId jobId;
    private final HttpServerResponse response;
    private final Context context;
    private final Runnable onClose;
    private final Deque<EventFrame> waiting = new ArrayDeque<>();
    private EventPosition sent;
    private boolean live;
    private boolean closed;
    private long blockedSince;

    Subscriber(JobId jobId, EventPosition after, HttpServerResponse response, Context context, Runnable onClose) {
        this.jobId = jobId;
        this.sent = after;
        this.response = response;
        this.context = context;
        this.onClose = onClose;
    }

    JobId jobId() {
        return jobId;
    }

    /** From any thread: an event that has just happened. */
    void offer(EventFrame frame) {
        context.runOnContext(now -> {
            if (closed) {
                return;
            }
            if (waiting.size() >= MAX_WAITING) {
                cutOff();
                return;
            }
            waiting.add(frame);
            flush();
        });
    }

    /** On the event loop: a page of past events. Call again when {@link #isBlocked()} is over. */
    void replay(List<EventFrame> page) {
        page.forEach(this::send);
    }

    /** On the event loop: the replay is through. */
    void goLive() {
        live = true;
        flush();
    }

    EventPosition position() {
        return sent;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether the socket takes no more for now. */
    boolean isBlocked() {
        return !closed && response.writeQueueFull();
    }

    /** On the event loop: runs {@code next} when the socket takes bytes again. */
    void whenWritable(Runnable next) {
        response.drainHandler(drained -> {
            blockedSince = 0;
            next.run();
        });
    }

    /** From any thread: keeps the connection open, and cuts off a client that has taken nothing for too long. */
    void tick(Duration slowClientTimeout, boolean heartbeat) {
        context.runOnContext(now -> {
            if (closed) {
                return;
            }
            if (!response.writeQueueFull()) {
                blockedSince = 0;
                if (heartbeat) {
                    response.write(EventFrame.HEARTBEAT);
                }
            } else if (blockedSince == 0) {
                blockedSince = System.nanoTime();
            } else if (System.nanoTime() - blockedSince > slowClientTimeout.toNanos()) {
                cutOff();
            }
        });
    }

    /** On the event loop: the client has gone, or is to go. */
    void close() {
        if (!closed) {
            closed = true;
            waiting.clear();
            onClose.run();
        }
    }

    /** From any thread. */
    void end() {
        context.runOnContext(now -> {
            if (!closed) {
                response.end();
                close();
            }
        });
    }

    private void flush() {
        if (!live) {
            return;
        }
        while (!waiting.isEmpty() && !closed) {
            if (response.writeQueueFull()) {
                whenWritable(this::flush);
                return;
            }
            send(waiting.poll());
        }
    }

    private void send(EventFrame frame) {
        if (closed || !frame.position().isAfter(sent)) {
            return;
        }
        sent = frame.position();
        response.write(frame.bytes());
        if (frame.last()) {
            response.end();
            close();
        }
    }

    private void cutOff() {
        response.reset();
        close();
    }
}
