package org.raygateway.ray.publish;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Events waiting to be sent, in order, at most {@code capacity}. Where it is full, progress gives way: a new progress event
 * is dropped, and an essential one (the first of an attempt, or terminal) takes the place of the oldest progress, or waits.
 */
final class EventQueue {
    private final int capacity;
    private final Deque<StatusMessage> events = new ArrayDeque<>();
    private boolean closed;

    EventQueue(int capacity) {
        this.capacity = capacity;
    }

    /** Returns whether the event was taken. An essential event may have waited {@code patience} for that. */
    synchronized boolean offer(StatusMessage event, Duration patience) {
        boolean room = hasRoom() || event.isEssential() && (dropOldestProgress() || awaitRoom(patience));
        if (closed || !room) {
            return false;
        }
        events.addLast(event);
        notifyAll();
        return true;
    }

    private boolean hasRoom() {
        return events.size() < capacity;
    }

    private boolean dropOldestProgress() {
        Iterator<StatusMessage> oldestFirst = events.iterator();
        while (oldestFirst.hasNext()) {
            if (!oldestFirst.next().isEssential()) {
                oldestFirst.remove();
                return true;
            }
        }
        return false;
    }

    private boolean awaitRoom(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!hasRoom() && !closed) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return !closed;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The oldest events, still in the queue; waits for one. Empty once closed and sent. */
    synchronized List<StatusMessage> awaitOldest(int most) throws InterruptedException {
        while (events.isEmpty() && !closed) {
            wait();
        }
        List<StatusMessage> oldest = new ArrayList<>(Math.min(most, events.size()));
        Iterator<StatusMessage> oldestFirst = events.iterator();
        while (oldestFirst.hasNext() && oldest.size() < most) {
            oldest.add(oldestFirst.next());
        }
        return oldest;
    }

    /** Forgets events that were sent; some may have been dropped in the meantime. */
    synchronized void sent(List<StatusMessage> done) {
        for (StatusMessage event : done) {
            if (events.peekFirst() == event) {
                events.removeFirst();
            }
        }
        notifyAll();
    }

    /** Returns whether all events were sent in time. */
    synchronized boolean awaitEmpty(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (!events.isEmpty()) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits; not any longer once the queue is closed. */
    synchronized void pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        long left = time.toMillis();
        while (!closed && left > 0) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized int size() {
        return events.size();
    }
}
