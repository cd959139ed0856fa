package org.raygateway.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.raygateway.dispatch.ComputeGate;
import org.raygateway.dispatch.DriverClient;
import org.raygateway.driver.v1.Execution;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.store.JobStore;

/** Tells callers what a dispatched job waits for: resources that are in use, or that no node of the cluster has. */
public final class WaitingJobs {
    private static final int BATCH = 100;

    private final JobStore store;
    private final DriverClient driver;
    private final ComputeGate gate;
    private final Duration waitingAfter;

    public WaitingJobs(JobStore store, DriverClient driver, ComputeGate gate, ReconcileSettings settings) {
        this.store = store;
        this.driver = driver;
        this.gate = gate;
        this.waitingAfter = settings.waitingAfter();
    }

    /** Route step. Jobs that the driver says nothing of are left alone. */
    public void noteReasons(Exchange exchange) {
        if (!gate.isOpen()) {
            return;
        }
        List<JobId> unstarted = store.unstarted(Instant.now().minus(waitingAfter), BATCH).stream()
                .map(Job::id)
                .toList();
        if (unstarted.isEmpty()) {
            return;
        }
        Map<JobId, String> reasons = new HashMap<>();
        for (Execution execution : driver.describe(unstarted)) {
            if (execution.getState() == Execution.State.WAITING) {
                JobId.parse(execution.getJobId()).ifPresent(id -> reasons.put(id, execution.getReason()));
            }
        }
        if (!reasons.isEmpty()) {
            store.noteWaiting(reasons);
        }
    }
}
