package org.raygateway.dispatch;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.raygateway.catalogue.Catalogue;
import org.raygateway.catalogue.Computation;
import org.raygateway.driver.v1.Execution;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;
import org.raygateway.servicebus.ReceivedBatch;
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
    private static final Duration LONGEST_HANDOVER = Duration.ofMinutes(2);

    private final JobStore store;
    private final Catalogue catalogue;
    private final DriverClient driver;
    private final Consumer<List<StatusEvent>> announce;
    private final Map<JobId, Instant> inHand = new ConcurrentHashMap<>();

    /** @param announce tells subscribers of events that are in the store already */
    public Dispatcher(JobStore store, Catalogue catalogue, DriverClient driver, Consumer<List<StatusEvent>> announce) {
        this.store = store;
        this.catalogue = catalogue;
        this.driver = driver;
        this.announce = announce;
    }

    /** Route step: replaces a batch of queue messages with the list of {@link Attempt}s to start. */
    public void claim(Exchange exchange) {
        ReceivedBatch batch = exchange.getMessage().getBody(ReceivedBatch.class);
        Map<JobId, ServiceBusReceivedMessage> fresh = new LinkedHashMap<>();
        List<Attempt> attempts = new ArrayList<>(batch.messages().size());
        for (ServiceBusReceivedMessage message : batch.messages()) {
            Optional<JobId> id = JobId.parse(message.getMessageId());
            if (id.isEmpty()) {
                batch.refuse(message, "the message-id must be a job's id");
            } else if (message.getDeliveryCount() > 0) {
                nextAttempt(id.get()).ifPresent(attempts::add);
            } else {
                fresh.put(id.get(), message);
            }
        }
        claimFresh(batch, fresh, attempts);
        exchange.getMessage().setBody(attempts);
    }

    /** Claims the next attempt of a job that may have been dispatched before, unless it has ended or still runs. */
    public Optional<Attempt> nextAttempt(JobId id) {
        Optional<Job> known = store.find(id);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Job job = known.get();
        if (job.status().isTerminal() || (job.status() != JobStatus.SUBMITTED && isLive(job))) {
            return Optional.empty();
        }
        return start(store.claim(id, maxAttempts(job.simulationType())));
    }

    /** Messages that come for the first time. A job that was dispatched before, by reconciling, is not started again for them. */
    private void claimFresh(ReceivedBatch batch, Map<JobId, ServiceBusReceivedMessage> fresh, List<Attempt> attempts) {
        if (fresh.isEmpty()) {
            return;
        }
        List<JobId> ids = List.copyOf(fresh.keySet());
        List<Claim> claims = store.claimSubmitted(ids, this::maxAttempts);
        for (int i = 0; i < claims.size(); i++) {
            if (claims.get(i) instanceof Claim.Unknown) {
                batch.refuse(fresh.get(ids.get(i)), "the job store has no such job");
            }
            start(claims.get(i)).ifPresent(attempts::add);
        }
    }

    private Optional<Attempt> start(Claim claim) {
        if (claim instanceof Claim.Start start) {
            announce.accept(List.of(start.event()));
            return attempt(start.job());
        }
        if (claim instanceof Claim.Ended ended) {
            announce.accept(List.of(ended.event()));
        }
        return Optional.empty();
    }

    private int maxAttempts(String simulationType) {
        return catalogue.find(simulationType).map(Computation::attempts).orElse(DEFAULT_ATTEMPTS);
    }

    private Optional<Attempt> attempt(Job job) {
        Optional<Computation> computation = catalogue.find(job.simulationType());
        if (computation.isEmpty()) {
            fail(job, "the catalogue no longer has a computation `" + job.simulationType() + "`");
            return Optional.empty();
        }
        inHand.put(job.id(), Instant.now());
        return Optional.of(new Attempt(job, computation.get()));
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
        List<StatusEvent> applied = store.apply(List.of(ending(execution))).effective();
        announce.accept(applied);
        return !applied.isEmpty();
    }

    /** What cannot be taken would be the same the next time: the job ends for that reason instead of never. */
    private static StatusEvent ending(Execution execution) {
        JobId job = JobId.of(execution.getJobId());
        String reason;
        try {
            StatusEvent event = StatusEventJson.read(execution.getStatusJson());
            if (event.status().isTerminal() && event.jobId().equals(job)) {
                return event;
            }
            reason = "it must be the end of this job";
        } catch (IllegalArgumentException invalid) {
            reason = invalid.getMessage();
        }
        LOG.warn("What the driver says of the end of job {} cannot be taken: {}", job, reason);
        return failure(job, execution.getAttempt(), "Its end cannot be taken: " + reason + ".");
    }

    /** Route step after the driver's answer: a job it will never run fails, one nobody wants any more is cancelled. */
    public void conclude(Exchange exchange) {
        Handover handover = exchange.getMessage().getBody(Handover.class);
        inHand.remove(handover.attempt().job().id());
        if (handover.isRejected()) {
            fail(handover.attempt().job(), handover.rejection());
        } else {
            passOnCancel(handover.attempt().job().id());
        }
    }

    /** A wish to cancel that came during the hand-over found nothing at the driver. */
    private void passOnCancel(JobId id) {
        if (store.find(id).filter(Job::cancelRequested).isPresent()) {
            try {
                driver.cancel(id);
            } catch (RayUnavailableException later) {
                LOG.warn("The driver does not know yet that job {} is to be cancelled: {}", id, later.getMessage());
            }
        }
    }

    /** Whether this gateway is about to hand the job over. What takes longer than that ever should counts as lost. */
    public boolean isInHand(JobId id) {
        Instant since = inHand.get(id);
        if (since != null && since.plus(LONGEST_HANDOVER).isBefore(Instant.now())) {
            inHand.remove(id, since);
            return false;
        }
        return since != null;
    }

    private void fail(Job job, String reason) {
        LOG.warn("Job {} failed without running: {}", job.id(), reason);
        announce.accept(
                store.apply(List.of(failure(job.id(), job.attempt(), reason))).effective());
    }

    private static StatusEvent failure(JobId job, int attempt, String reason) {
        return new StatusEvent(
                job,
                JobStatus.FAILED,
                StatusEvent.NO_PROGRESS,
                attempt,
                StatusEvent.LAST_WORD,
                reason,
                null,
                Instant.now());
    }
}
