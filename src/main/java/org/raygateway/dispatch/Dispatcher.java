package org.raygateway.dispatch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.component.azure.servicebus.ServiceBusConstants;
import org.raygateway.catalogue.Catalogue;
import org.raygateway.catalogue.Computation;
import org.raygateway.driver.v1.Execution;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;
import org.raygateway.store.Claim;
import org.raygateway.store.JobStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a message, or a job that was lost, leads to: a new attempt, or nothing. Messages may come twice and jobs may
 * have started before; the store's claim and the driver's word settle it.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int DEFAULT_ATTEMPTS = 3;

    private final JobStore store;
    private final Catalogue catalogue;
    private final DriverClient driver;
    private final Consumer<List<StatusEvent>> announce;
    private final Set<JobId> inHand = ConcurrentHashMap.newKeySet();

    /** @param announce tells subscribers of events that are in the store already */
    public Dispatcher(JobStore store, Catalogue catalogue, DriverClient driver, Consumer<List<StatusEvent>> announce) {
        this.store = store;
        this.catalogue = catalogue;
        this.driver = driver;
        this.announce = announce;
    }

    /** Route step: replaces a queue message with the {@link Attempt} to start, or with nothing where there is none. */
    public void claim(Exchange exchange) {
        String messageId = exchange.getMessage().getHeader(ServiceBusConstants.MESSAGE_ID, String.class);
        Optional<Attempt> attempt = JobId.parse(messageId).flatMap(this::nextAttempt);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(attempt.orElse(null));
    }

    /** Claims the job's next attempt, unless it has ended or still runs. */
    public Optional<Attempt> nextAttempt(JobId id) {
        Optional<Job> known = store.find(id);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Job job = known.get();
        if (job.status().isTerminal() || (job.status() != JobStatus.SUBMITTED && isLive(job))) {
            return Optional.empty();
        }
        return claim(job);
    }

    private Optional<Attempt> claim(Job job) {
        Optional<Computation> computation = catalogue.find(job.simulationType());
        Claim claim =
                store.claim(job.id(), computation.map(Computation::attempts).orElse(DEFAULT_ATTEMPTS));
        if (claim instanceof Claim.Start start) {
            announce.accept(List.of(start.event()));
            if (computation.isEmpty()) {
                fail(start.job(), "the catalogue no longer has a computation `" + job.simulationType() + "`");
                return Optional.empty();
            }
            inHand.add(job.id());
            return Optional.of(new Attempt(start.job(), computation.get()));
        }
        if (claim instanceof Claim.Ended ended) {
            announce.accept(List.of(ended.event()));
        }
        return Optional.empty();
    }

    /** Asks the driver; a job that ended unheard gets its status from it. */
    private boolean isLive(Job job) {
        for (Execution execution : driver.describe(List.of(job.id()))) {
            switch (execution.getState()) {
                case WAITING, RUNNING -> {
                    return true;
                }
                case ENDED -> {
                    return applyEnd(execution);
                }
                default -> {
                    // not known there: lost
                }
            }
        }
        return false;
    }

    /** @return whether the driver's word ended the job */
    public boolean applyEnd(Execution execution) {
        List<StatusEvent> applied = store.apply(List.of(StatusEventJson.read(execution.getStatusJson())));
        announce.accept(applied);
        return !applied.isEmpty();
    }

    /** Route step after the driver's answer: a job it will never run fails. */
    public void conclude(Exchange exchange) {
        Handover handover = exchange.getMessage().getBody(Handover.class);
        inHand.remove(handover.attempt().job().id());
        if (handover.isRejected()) {
            fail(handover.attempt().job(), handover.rejection());
        }
    }

    /** Route step when an attempt could not be handed over after all; the message comes again. */
    public void release(Exchange exchange) {
        Attempt attempt = exchange.getMessage().getBody(Attempt.class);
        if (attempt != null) {
            inHand.remove(attempt.job().id());
        }
    }

    /** Whether this gateway is about to hand the job over. */
    public boolean isInHand(JobId id) {
        return inHand.contains(id);
    }

    private void fail(Job job, String reason) {
        LOG.warn("Job {} failed without running: {}", job.id(), reason);
        announce.accept(store.apply(List.of(new StatusEvent(
                job.id(),
                JobStatus.FAILED,
                StatusEvent.NO_PROGRESS,
                job.attempt(),
                StatusEvent.LAST_WORD,
                reason,
                null,
                Instant.now()))));
    }
}
