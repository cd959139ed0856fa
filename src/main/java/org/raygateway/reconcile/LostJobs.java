package org.raygateway.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.raygateway.dispatch.Attempt;
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

    /** Route step: the body becomes the list of {@link Attempt}s to start again. */
    public void findSilent(Exchange exchange) {
        List<Attempt> attempts = new ArrayList<>();
        if (gate.isOpen()) {
            List<Job> silent = store.silent(silentBefore(), BATCH);
            review(silent, attempts);
            firstRound = firstRound && silent.size() == BATCH;
            findOverdue(attempts);
        }
        exchange.getMessage().setBody(attempts);
    }

    /** Their message was dead-lettered, has expired or was lost with the broker's data. Should it come after all, it is passed over. */
    private void findOverdue(List<Attempt> attempts) {
        for (Job job : store.overdue(Instant.now().minus(settings.queuedAfter()), BATCH)) {
            LOG.info("Job {} has waited in the queue for too long and is started without its message", job.id());
            dispatcher.nextAttempt(job.id()).ifPresent(attempts::add);
        }
    }

    private Instant silentBefore() {
        return firstRound ? started : Instant.now().minus(settings.silentAfter());
    }

    private void review(List<Job> silent, List<Attempt> attempts) {
        List<JobId> ids = silent.stream()
                .map(Job::id)
                .filter(id -> !dispatcher.isInHand(id))
                .toList();
        if (ids.isEmpty()) {
            return;
        }
        Map<String, Job> jobs = new HashMap<>();
        silent.forEach(job -> jobs.put(job.id().toString(), job));
        List<JobId> alive = new ArrayList<>();
        Map<JobId, String> waiting = new HashMap<>();
        for (Execution execution : driver.describe(ids)) {
            Job job = jobs.get(execution.getJobId());
            switch (execution.getState()) {
                case WAITING, RUNNING -> {
                    alive.add(job.id());
                    if (execution.getState() == Execution.State.WAITING) {
                        waiting.put(job.id(), execution.getReason());
                    }
                    if (job.cancelRequested()) {
                        driver.cancel(job.id());
                    }
                }
                case ENDED -> {
                    if (!dispatcher.applyEnd(execution)) {
                        dispatcher.nextAttempt(job.id()).ifPresent(attempts::add);
                    }
                }
                default -> {
                    LOG.info("Job {} was lost in attempt {}", job.id(), job.attempt());
                    dispatcher.nextAttempt(job.id()).ifPresent(attempts::add);
                }
            }
        }
        if (!alive.isEmpty()) {
            store.touch(alive);
        }
        if (!waiting.isEmpty()) {
            store.noteWaiting(waiting);
        }
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
