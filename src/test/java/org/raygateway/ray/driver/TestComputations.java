package org.raygateway.ray.driver;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.raygateway.ray.Computation;
import org.raygateway.ray.ComputationException;
import org.raygateway.ray.Parameters;
import org.raygateway.ray.Progress;

/** Computations that behave in the ways a driver must cope with. */
public final class TestComputations {
    /** Lets {@link Deaf} computations go, so that no test leaves a thread behind. */
    static final Semaphore DEAF_MAY_END = new Semaphore(0);

    private TestComputations() {}

    /** Runs until it is cancelled. */
    public static final class Patient implements Computation {
        @Override
        public Map<String, Object> run(Parameters parameters, Progress progress) throws Exception {
            Semaphore never = new Semaphore(0);
            while (!never.tryAcquire(5, TimeUnit.MILLISECONDS)) {
                progress.throwIfCancelled();
            }
            return Map.of();
        }
    }

    /** Hears neither cancel nor interrupt. */
    public static final class Deaf implements Computation {
        @Override
        public Map<String, Object> run(Parameters parameters, Progress progress) {
            DEAF_MAY_END.acquireUninterruptibly();
            return Map.of("late", true);
        }
    }

    /** Waits without looking at its progress; an interrupt ends it. */
    public static final class Sleepy implements Computation {
        @Override
        public Map<String, Object> run(Parameters parameters, Progress progress) throws Exception {
            new Semaphore(0).acquire();
            return Map.of();
        }
    }

    /** Fails in the way that {@code how} says. */
    public static final class Failing implements Computation {
        @Override
        public Map<String, Object> run(Parameters parameters, Progress progress) {
            String how = parameters.choice("how", List.of("told", "error", "exception"));
            if (how.equals("told")) {
                throw new ComputationException("the volatility is too small");
            }
            if (how.equals("error")) {
                throw new StackOverflowError("secret inner workings");
            }
            throw new IllegalStateException("secret inner workings");
        }
    }

    /** Its constructor throws. */
    public static final class Unmakeable implements Computation {
        public Unmakeable() {
            throw new IllegalStateException("secret inner workings");
        }

        @Override
        public Map<String, Object> run(Parameters parameters, Progress progress) {
            return Map.of();
        }
    }

    /** Returns a text of {@code length} characters. */
    public static final class Wordy implements Computation {
        @Override
        public Map<String, Object> run(Parameters parameters, Progress progress) {
            return Map.of("text", "x".repeat((int) parameters.whole("length", 0, 10_000_000)));
        }
    }

    /** Reports each of {@code reports} tiny steps. */
    public static final class Chatty implements Computation {
        @Override
        public Map<String, Object> run(Parameters parameters, Progress progress) {
            long reports = parameters.whole("reports", 1, 10_000_000);
            for (long i = 0; i < reports; i++) {
                progress.report((int) (100 * i / reports), "step " + i);
            }
            return Map.of("reports", reports);
        }
    }
}
