package org.raygateway.dispatch;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.raygateway.dispatch.DispatchSettings.WhenComputeDown;
import org.raygateway.health.PartHealth;
import org.raygateway.problem.Problem;
import org.raygateway.problem.ProblemException;

/**
 * What the breaker's state means for everybody else: jobs wait here until it is closed, posts are refused or held, the probe
 * is due. Messages wait with their locks, so an outage costs no delivery count.
 */
public final class ComputeGate implements AutoCloseable {
    private final CircuitBreaker breaker;
    private final Duration openTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile WhenComputeDown whenComputeDown;
    private volatile long openedAt = System.nanoTime();
    private volatile boolean stopping;

    public ComputeGate(CircuitBreaker breaker, DispatchSettings settings) {
        this.breaker = breaker;
        this.openTime = settings.breakerOpenTime();
        this.whenComputeDown = settings.whenComputeDown();
        breaker.getEventPublisher().onStateTransition(event -> {
            if (event.getStateTransition().getToState() == State.OPEN) {
                openedAt = System.nanoTime();
            }
            wakeAll();
        });
    }

    public boolean isOpen() {
        return breaker.getState() == State.CLOSED;
    }

    /** Route step: returns at once while Ray is well, else when the breaker has closed again. */
    public void awaitOpen(Exchange exchange) throws InterruptedException {
        if (isOpen()) {
            return;
        }
        lock.lockInterruptibly();
        try {
            while (!isOpen()) {
                if (stopping) {
                    throw new RejectedExecutionException("the gateway stops; the job stays in the queue");
                }
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Route step: lets a post pass, or refuses it with a 503 while Ray is down. */
    public void admit(Exchange exchange) {
        if (!isOpen() && isRejecting()) {
            throw new ProblemException(
                    Problem.of(503, "Service unavailable", "Compute service is currently unavailable.")
                            .withHeader("Retry-After", Long.toString(retryAfterSeconds())));
        }
    }

    /** Route step's predicate: whether the breaker waits for a probe. */
    public boolean isProbeDue() {
        State state = breaker.getState();
        return state == State.HALF_OPEN || (state == State.OPEN && sinceOpened().compareTo(openTime) >= 0);
    }

    /** For {@code /observe/health}: down only where posts are refused. */
    public PartHealth.State state() {
        State state = breaker.getState();
        return new PartHealth.State(state == State.CLOSED || !isRejecting(), "the breaker around Ray is " + state);
    }

    /** Whether posts are refused while Ray is down, rather than held. */
    public boolean isRejecting() {
        return whenComputeDown == WhenComputeDown.REJECT;
    }

    public void setWhenComputeDown(WhenComputeDown policy) {
        whenComputeDown = policy;
    }

    private long retryAfterSeconds() {
        return Math.max(1, openTime.minus(sinceOpened()).toSeconds() + 1);
    }

    private Duration sinceOpened() {
        return Duration.ofNanos(System.nanoTime() - openedAt);
    }

    private void wakeAll() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sends those away who wait. */
    @Override
    public void close() {
        stopping = true;
        wakeAll();
    }
}
