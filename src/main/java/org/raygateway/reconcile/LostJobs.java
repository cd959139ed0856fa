package org.raygateway.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.raygateway.dispatch.ComputeGate;
import org.raygateway.dispatch.Dispatcher;
import org.raygateway.dispatch.DriverClient;
import org.raygateway.driver.v1.Execution;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.servicebus.OutgoingMessage;
import org.raygateway.store.JobStore;
import org.raygateway.submission.JobMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds jobs that nothing else would ever finish: stored but perhaps not queued, dispatched but never heard of, running on
 * actors that are gone. The first round after a start looks at everything from before the start, since whatever ran in this
 * process then is gone.
 */
public final class LostJobs {
    private static final Logger LOG = LoggerFactory.getLogger(LostJobs.class);
    private static final int BATCH = 100;
    private static final int MOST_ROUNDS = 1000;

    private final JobStore store;
    private final Dispatcher dispatcher;
    private final DriverClient driver;
    private final ComputeGate gate;
    private final ReconcileSettings settings;
    private final Instant started = Instant.now();
    private boolean firstRound = true;

    public LostJobs(
            JobStore store, Dispatcher dispatcher, DriverClient driver, ComputeGate gate, ReconcileSettings settings) {
        this.store = store;
        this.dispatcher = dispatcher;
        this.driver = driver;
        this.gate = gate;
        this.settings = settings;
    }

    /** Route step: the body becomes the messages that may not have reached the queue. Sending one twice does no harm. */
    public void findUnqueued(Exchange exchange) {
        List<Job> jobs = store.unconfirmed(Instant.now().minus(settings.unconfirmedAfter()), BATCH);
        if (!jobs.isEmpty()) {
            LOG.info("{} jobs are sent to the queue again", jobs.size());
        }
        exchange.setProperty("jobs", jobs.stream().map(Job::id).toList());
        List<OutgoingMessage> messages = jobs.stream().map(JobMessage::of).toList();
        exchange.getMessage().setBody(messages);
    }

    /** Route step after the send. */
    public void confirmQueued(Exchange exchange) {
        List<?> ids = exchange.getProperty("jobs", List.class);
        store.confirmQueued(ids.stream().map(JobId.class::cast).toList());
    }

    /** Route step: what was dispatched and then silent is looked up at the driver. The first round looks at all from before the start. */
    public void reviewSilent(Exchange exchange) {
        if (!gate.isOpen()) {
            return;
        }
        Instant before = firstRound ? started : Instant.now().minus(settings.silentAfter());
        List<Job> silent = store.silent(before, BATCH);
        for (int round = 1; !silent.isEmpty(); round++) {
            review(silent);
            silent = silent.size() < BATCH || round >= MOST_ROUNDS ? List.of() : store.silent(before, BATCH);
        }
        firstRound = false;
    }

    /** Route step: their message was dead-lettered, has expired or was lost with the broker's data. Should it come after all, it is passed over. */
    public void takeOverdue(Exchange exchange) {
        List<JobId> overdue = store.overdue(Instant.now().minus(settings.queuedAfter()), BATCH).stream()
                .map(Job::id)
                .toList();
        if (!overdue.isEmpty()) {
            LOG.info(
                    "{} jobs have waited in the queue for too long and are started without their messages",
                    overdue.size());
            dispatcher.takeWithoutMessage(overdue);
        }
    }

    /** Every one of them is heard of, ended or back in its lane afterwards, so that the next round finds others. */
    private void review(List<Job> silent) {
        Map<String, Job> jobs = new HashMap<>();
        silent.forEach(job -> jobs.put(job.id().toString(), job));
        List<JobId> seen = new ArrayList<>();
        Map<JobId, String> waiting = new HashMap<>();
        Map<Job, Execution> lost = new LinkedHashMap<>();
        for (Execution execution : driver.describe(silent.stream().map(Job::id).toList())) {
            Job job = jobs.get(execution.getJobId());
            switch (execution.getState()) {
                case WAITING, RUNNING -> {
                    seen.add(job.id());
                    if (execution.getState() == Execution.State.WAITING) {
                        waiting.put(job.id(), execution.getReason());
                    }
                    if (job.cancelRequested()) {
                        driver.cancel(job.id());
                    }
                }
                case ENDED -> {
                    if (!dispatcher.applyEnd(execution)) {
                        lost.put(job, execution);
                    }
                }
                default -> {
                    if (dispatcher.isInHand(job.id())) {
                        seen.add(job.id());
                    } else {
                        lost.put(job, execution);
                    }
                }
            }
        }
        if (!seen.isEmpty()) {
            store.touch(seen);
        }
        if (!waiting.isEmpty()) {
            store.noteWaiting(waiting);
        }
        dispatcher.lost(lost);
    }

    /** Route step: deletes what is older than the retention allows. */
    public void purge(Exchange exchange) {
        Instant before = Instant.now().minus(settings.retention());
        int deleted = store.purge(before, 10 * BATCH);
        if (deleted > 0) {
            LOG.info("{} ended jobs have reached the end of their retention and are deleted", deleted);
        }
    }
}
