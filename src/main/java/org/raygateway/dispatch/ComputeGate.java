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
    private final Duration idleTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile WhenComputeDown whenComputeDown;
    private volatile long openedAt = System.nanoTime();
    private volatile long calledAt = System.nanoTime();
    private volatile boolean stopping;
    private volatile Runnable onOpen = () -> {};

    public ComputeGate(CircuitBreaker breaker, DispatchSettings settings) {
        this.breaker = breaker;
        this.openTime = settings.breakerOpenTime();
        this.idleTime = settings.breakerIdleTime();
        this.whenComputeDown = settings.whenComputeDown();
        breaker.getEventPublisher().onSuccess(call -> calledAt = System.nanoTime());
        breaker.getEventPublisher().onError(call -> calledAt = System.nanoTime());
        breaker.getEventPublisher().onStateTransition(event -> {
            if (event.getStateTransition().getToState() == State.OPEN) {
                openedAt = System.nanoTime();
            }
            wakeAll();
            if (event.getStateTransition().getToState() == State.CLOSED) {
                onOpen.run();
            }
        });
    }

    /** @param action is run whenever jobs can be handed over again; must not take long */
    public void onOpen(Runnable action) {
        onOpen = action;
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

    /**
     * Route step's predicate: whether the breaker waits for a probe, or has seen no call for so long that only a probe can tell
     * how Ray is.
     */
    public boolean isProbeDue() {
        return switch (breaker.getState()) {
            case HALF_OPEN -> true;
            case OPEN -> since(openedAt).compareTo(openTime) >= 0;
            case CLOSED -> since(calledAt).compareTo(idleTime) >= 0;
            default -> false;
        };
    }

    /** For {@code /observe/health}: never down, since look-ups and streams go on without Ray; what posts meet they say themselves. */
    public PartHealth.State state() {
        State state = breaker.getState();
        String posts = state == State.CLOSED ? "" : isRejecting() ? "; posts are refused" : "; posts are held";
        return new PartHealth.State(true, "the breaker around Ray is " + state + posts);
    }

    /** Whether posts are refused while Ray is down, rather than held. */
    public boolean isRejecting() {
        return whenComputeDown == WhenComputeDown.REJECT;
    }

    public void setWhenComputeDown(WhenComputeDown policy) {
        whenComputeDown = policy;
    }

    private long retryAfterSeconds() {
        return Math.max(1, openTime.minus(since(openedAt)).toSeconds() + 1);
    }

    private static Duration since(long moment) {
        return Duration.ofNanos(System.nanoTime() - moment);
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
