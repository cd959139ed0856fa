package org.raygateway.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.raygateway.dispatch.ComputeGate;
import org.raygateway.dispatch.Dispatcher;
import org.raygateway.dispatch.DriverClient;
import org.raygateway.driver.v1.Execution;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.store.JobStore;

/** Tells callers what a dispatched job waits for: resources that are in use, or that no node of the cluster has. */
public final class WaitingJobs {
    private static final int BATCH = 100;

    private final JobStore store;
    private final Dispatcher dispatcher;
    private final DriverClient driver;
    private final ComputeGate gate;
    private final Duration waitingAfter;

    public WaitingJobs(
            JobStore store, Dispatcher dispatcher, DriverClient driver, ComputeGate gate, ReconcileSettings settings) {
        this.store = store;
        this.dispatcher = dispatcher;
        this.driver = driver;
        this.gate = gate;
        this.waitingAfter = settings.waitingAfter();
    }

    /** Route step. What the driver does not know goes back to its lane at once. */
    public void noteReasons(Exchange exchange) {
        if (!gate.isOpen()) {
            return;
        }
        Map<String, Job> unstarted = new HashMap<>();
        for (Job job : store.unstarted(Instant.now().minus(waitingAfter), BATCH)) {
            if (!dispatcher.isInHand(job.id())) {
                unstarted.put(job.id().toString(), job);
            }
        }
        if (!unstarted.isEmpty()) {
            note(unstarted);
        }
    }

    private void note(Map<String, Job> unstarted) {
        Map<JobId, String> reasons = new HashMap<>();
        Map<Job, Execution> unknown = new HashMap<>();
        for (Execution execution :
                driver.describe(unstarted.values().stream().map(Job::id).toList())) {
            Job job = unstarted.get(execution.getJobId());
            if (execution.getState() == Execution.State.WAITING) {
                reasons.put(job.id(), execution.getReason());
            } else if (execution.getState() == Execution.State.UNKNOWN) {
                unknown.put(job, execution);
            }
        }
        if (!reasons.isEmpty()) {
            store.noteWaiting(reasons);
        }
        dispatcher.lost(unknown);
    }
}
