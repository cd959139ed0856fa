package org.raygateway.dispatch;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
import org.raygateway.store.Fate;
import org.raygateway.store.JobStore;
import org.raygateway.store.Loss;
import org.raygateway.store.LossRules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job's way from the queue to the driver: taken into the store, where it waits for its turn unless there is room at once, claimed,
 * handed over, and back to its lane where its attempt was lost.
 */
public final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int DEFAULT_ATTEMPTS = 3;
    private static final int MOST_NAMED = 5;

    private final JobStore store;
    private final Catalogue catalogue;
    private final DriverClient driver;
    private final Lanes lanes;
    private final LossRules rules;
    private final Consumer<List<StatusEvent>> announce;

    /**
     * @param oneProcess whether jobs run in this process, and may take each other with them
     * @param announce tells subscribers, and the lanes, of events that are in the store already
     */
    public Dispatcher(
            JobStore store,
            Catalogue catalogue,
            DriverClient driver,
            Lanes lanes,
            boolean oneProcess,
            Consumer<List<StatusEvent>> announce) {
        this.store = store;
        this.catalogue = catalogue;
        this.driver = driver;
        this.lanes = lanes;
        this.rules = new LossRules(this::maxAttempts, oneProcess);
        this.announce = announce;
    }

    /** @param startAttempt hands an attempt to the driver and brings the answer to {@link #conclude} */
    public void start(Consumer<Attempt> startAttempt) {
        lanes.start(store::waiting, this::claimNext, startAttempt);
    }

    private int maxAttempts(String simulationType) {
        return catalogue.find(simulationType).map(Computation::attempts).orElse(DEFAULT_ATTEMPTS);
    }

    /** Route step: takes over a batch of queue messages, which have then done their part. One may come twice. */
    public void take(Exchange exchange) {
        ReceivedBatch batch = exchange.getMessage().getBody(ReceivedBatch.class);
        Map<JobId, ServiceBusReceivedMessage> messages = new LinkedHashMap<>();
        for (ServiceBusReceivedMessage message : batch.messages()) {
            JobId.parse(message.getMessageId())
                    .ifPresentOrElse(
                            id -> messages.put(id, message),
                            () -> batch.refuse(message, "the message-id must be a job's id"));
        }
        if (!messages.isEmpty()) {
            take(batch, messages);
        }
    }

    private void take(ReceivedBatch batch, Map<JobId, ServiceBusReceivedMessage> messages) {
        List<JobId> ids = List.copyOf(messages.keySet());
        List<Claim> claims = store.take(ids, lanes.room());
        for (int i = 0; i < claims.size(); i++) {
            if (claims.get(i) instanceof Claim.Unknown) {
                batch.refuse(messages.get(ids.get(i)), "the job store has no such job");
            }
        }
        lanes.claimed(attempts(claims));
        arrived(claims);
    }

    /** Takes over jobs whose message has not come, and will be passed over should it come after all. */
    public void takeWithoutMessage(List<JobId> ids) {
        arrived(store.take(ids, Map.of()));
    }

    private void arrived(List<Claim> claims) {
        Map<String, Long> byLane = new HashMap<>();
        for (Claim claim : claims) {
            if (claim instanceof Claim.Waits waits) {
                byLane.merge(waits.lane(), 1L, Long::sum);
            }
        }
        byLane.forEach(lanes::arrived);
    }

    private LaneSource.Claimed claimNext(String lane, int limit) {
        List<Claim> claims = store.claimNext(lane, limit);
        return new LaneSource.Claimed(attempts(claims), claims.size());
    }

    /** Tells of what was started or ended, and gives what is to be handed over. */
    private List<Attempt> attempts(List<Claim> claims) {
        List<StatusEvent> events = new ArrayList<>();
        List<Attempt> attempts = new ArrayList<>();
        List<Job> orphans = new ArrayList<>();
        for (Claim claim : claims) {
            if (claim instanceof Claim.Start start) {
                if (start.event() != null) {
                    events.add(start.event());
                }
                Job job = start.job();
                catalogue
                        .find(job.simulationType())
                        .ifPresentOrElse(
                                computation -> attempts.add(new Attempt(job, computation)), () -> orphans.add(job));
            } else if (claim instanceof Claim.Ended ended) {
                events.add(ended.event());
            }
        }
        announce.accept(events);
        orphans.forEach(job -> fail(job, "the catalogue no longer has a computation `" + job.simulationType() + "`"));
        return attempts;
    }

    /** Route step after the driver's answer: a job it will never run fails, one nobody wants any more is cancelled. */
    public void conclude(Exchange exchange) {
        Handover handover = exchange.getMessage().getBody(Handover.class);
        Job job = handover.attempt().job();
        switch (handover.outcome()) {
            case STARTED -> passOnCancel(job.id());
            case BUSY -> lanes.turnedAway(handover.attempt(), handover.reason());
            default -> fail(job, handover.reason());
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

    /**
     * Ends a job that is to be cancelled where it waits in this gateway's hands.
     *
     * @return false where it does not, so that the driver has to be told
     */
    public boolean cancelInHand(JobId id) {
        Optional<Attempt> inHand = lanes.withdraw(id);
        inHand.map(Dispatcher::unsent).map(List::of).ifPresent(this::settle);
        return inHand.isPresent();
    }

    /**
     * Settles what becomes of jobs that the driver does not run although they are dispatched.
     *
     * @param executions by job, what the driver said of them
     */
    public void lost(Map<Job, Execution> executions) {
        List<Loss> losses = new ArrayList<>();
        executions.forEach((job, execution) -> losses.add(Fates.loss(job, execution)));
        if (!losses.isEmpty()) {
            tell(losses);
            settle(losses);
        }
    }

    /** One line however many they are, such as all that ran on a head that died. */
    private static void tell(List<Loss> losses) {
        Map<Fate, Long> byFate = losses.stream().collect(groupingBy(Loss::fate, TreeMap::new, counting()));
        LOG.info(
                "{} jobs were lost {}: {}{}",
                losses.size(),
                byFate,
                losses.stream()
                        .limit(MOST_NAMED)
                        .map(loss -> loss.job() + " in attempt " + loss.attempt())
                        .collect(joining(", ")),
                losses.size() > MOST_NAMED ? ", ..." : "");
    }

    private void settle(List<Loss> losses) {
        if (losses.isEmpty()) {
            return;
        }
        List<Claim> claims = store.lost(losses, rules);
        losses.forEach(loss -> lanes.forget(loss.job()));
        attempts(claims);
        arrived(claims);
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

    /** Whether this gateway has claimed the job and the driver has not answered for it yet. */
    public boolean isInHand(JobId id) {
        return lanes.isInHand(id);
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

    /** Gives back what is in hand, so that it costs no attempt and starts wherever it is its turn next. */
    @Override
    public void close() {
        List<Loss> unsent = lanes.drain().stream().map(Dispatcher::unsent).toList();
        try {
            settle(unsent);
        } catch (RuntimeException failure) {
            LOG.warn(
                    "{} jobs in hand could not be given back and are looked after later: {}",
                    unsent.size(),
                    failure.toString());
        }
    }

    private static Loss unsent(Attempt attempt) {
        return new Loss(attempt.job().id(), attempt.job().attempt(), Fate.NOT_BEGUN);
    }
}
