package org.raygateway.ray.actor;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.raygateway.job.JobStatus;
import org.raygateway.job.MessageLine;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;
import org.raygateway.ray.Computation;
import org.raygateway.ray.ComputationException;
import org.raygateway.ray.Parameters;
import org.raygateway.ray.publish.StatusPublisher;
import org.raygateway.ray.publish.StatusPublishers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Ray actor that runs a computation and publishes its statuses. A dedicated actor is named {@code actor_{job_id}} and
 * runs {@link #run_simulation(String)} once; a pooled one has no job of its own and runs {@link #run_assigned} again and
 * again. Ray calls {@link #stop} and {@link #describe} on other threads ({@code max_concurrency} above 1).
 *
 * <p>Arguments and results are JSON text, as Python actors have them. Method names are Ray's convention for both.
 */
public final class ComputationActor {
    /** What {@code run} returns where the driver has the last word. */
    public static final String NO_TERMINAL = "";

    private static final Logger LOG = LoggerFactory.getLogger(ComputationActor.class);
    private static final String GENERAL_FAILURE =
            "the computation failed unexpectedly; the log of its actor has the details";
    private static final String WITHOUT_WORDS = "the computation failed and did not say why";
    private static final Duration CONFIRMATION_PATIENCE = Duration.ofSeconds(10);

    private final String entryPoint;
    private final String publisherName;
    private final OwnRun own;
    private Computation computation;
    private volatile Execution current;
    private volatile Stop lastStop;

    private record Stop(String job, int attempt, StopReason reason) {}

    /**
     * Does nothing that can fail: in LOCAL run mode Ray ends the JVM when an actor's constructor throws.
     *
     * @param entryPoint class name of the computation
     * @param publisherName see {@link StatusPublishers}
     * @param ownAssignment the one {@link Assignment} of a dedicated actor as JSON; empty for a pooled actor
     */
    public ComputationActor(String entryPoint, String publisherName, String ownAssignment) {
        this.entryPoint = entryPoint;
        this.publisherName = publisherName;
        this.own = new OwnRun(ownAssignment);
        if (publisherName.equals(StatusPublishers.OF_ENVIRONMENT)) {
            NativeLibraryFile.delete();
        }
    }

    /**
     * Runs a dedicated actor's one job; see {@link #run_assigned}. In a process of its own it returns once its last event is
     * confirmed, or after a bounded time, since the driver ends the process then.
     */
    public String run_simulation(String parameters) {
        own.begin();
        String terminal = NO_TERMINAL;
        try {
            terminal = run_assigned(own.assignment(), parameters);
            if (publisherName.equals(StatusPublishers.OF_ENVIRONMENT)) {
                StatusPublishers.named(publisherName).flush(own.leftOf(CONFIRMATION_PATIENCE));
            }
            return terminal;
        } finally {
            own.end(terminal);
        }
    }

    /**
     * Tells a driver that did not start this dedicated actor how far it is.
     *
     * @param patienceMs how long to wait for the end of the run, at most
     * @return a {@link Situation} as JSON
     */
    public String describe(int patienceMs) {
        return own.describe(patienceMs).toJson();
    }

    /**
     * Runs one job to its end, publishing RUNNING, progress and one terminal event.
     *
     * @param assignment an {@link Assignment} as JSON
     * @param parameters a JSON object
     * @return the terminal status message, or {@link #NO_TERMINAL}
     */
    public String run_assigned(String assignment, String parameters) {
        StatusPublisher publisher = StatusPublishers.named(publisherName);
        Execution execution = new Execution(Assignment.parse(assignment), publisher);
        current = execution;
        boolean stoppedBefore = stopIfAsked(execution);
        try {
            StatusEvent terminal = stoppedBefore ? stopped(execution) : runToEnd(execution, parameters);
            return terminal == null ? NO_TERMINAL : StatusEventJson.write(terminal);
        } finally {
            current = null;
        }
    }

    /**
     * Asks an execution to stop. It may come before the execution's own call, since the two run on different threads.
     *
     * @param jobId which one; another running job is left alone
     * @param attempt which attempt of it
     * @param reason name of a {@link StopReason}
     * @return whether that execution is running here
     */
    public boolean stop(String jobId, int attempt, String reason) {
        lastStop = new Stop(jobId, attempt, StopReason.valueOf(reason));
        Execution execution = current;
        return execution != null && stopIfAsked(execution);
    }

    private boolean stopIfAsked(Execution execution) {
        Stop stop = lastStop;
        Assignment assignment = execution.assignment();
        boolean meant = stop != null
                && stop.attempt() == assignment.attempt()
                && stop.job().equals(assignment.job());
        if (meant) {
            execution.stop(stop.reason());
        }
        return meant;
    }

    private StatusEvent runToEnd(Execution execution, String parameters) {
        try {
            execution.start();
            String result = Results.toJson(computation().run(Parameters.parse(parameters), execution));
            return execution.cancelled() ? stopped(execution) : execution.end(JobStatus.COMPLETED, null, result);
        } catch (CancellationException stopped) {
            return execution.cancelled() ? stopped(execution) : failed(execution, stopped);
        } catch (ComputationException told) {
            return execution.end(JobStatus.FAILED, words(told), null);
        } catch (Throwable untold) {
            // Errors too: whatever ended the computation, the job must get its terminal event.
            return execution.cancelled() ? stopped(execution) : failed(execution, untold);
        }
    }

    private static String words(ComputationException told) {
        String line = told.getMessage() == null ? "" : MessageLine.of(told.getMessage());
        return line.isEmpty() ? WITHOUT_WORDS : line;
    }

    private StatusEvent stopped(Execution execution) {
        if (execution.stopReason() == StopReason.CANCELLED) {
            return execution.end(JobStatus.CANCELLED, "cancelled", null);
        }
        return execution.end(JobStatus.FAILED, TimedOut.message(execution.assignment()), null);
    }

    private StatusEvent failed(Execution execution, Throwable cause) {
        LOG.error(
                "Job {} attempt {} failed in {}",
                execution.assignment().job(),
                execution.assignment().attempt(),
                entryPoint,
                cause);
        return execution.end(JobStatus.FAILED, GENERAL_FAILURE, null);
    }

    /** Made on first use, not in the constructor, so that a constructor of the computation's may fail. */
    private Computation computation() throws ReflectiveOperationException {
        if (computation == null) {
            // Ray's own, of all that the job's code search path names.
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            computation =
                    ComputationClass.find(entryPoint, loader).getConstructor().newInstance();
        }
        return computation;
    }
}
