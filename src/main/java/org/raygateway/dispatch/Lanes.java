package org.raygateway.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.logging.Outage;
import org.raygateway.store.LossRules;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Lets jobs start in their turn, each lane by itself: what waits in one holds up no other. The order is the store's; a lane claims
 * jobs there as far as the driver has room for them, and hands them over by a few calls at a time. It looks again when one of its jobs
 * has begun, when any job has ended, and otherwise once a second.
 */
public final class Lanes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);
    private static final int MOST_AT_ONCE = 64;
    private static final int TICKS_TO_RECOUNT = 5;

    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final Map<JobId, Lane> beginning = new HashMap<>();
    private final Set<Lane> due = new HashSet<>();
    private final ScheduledExecutorService turns = DispatchThreads.oneTimer("dispatch-turns");
    private final ThreadPoolExecutor calls;
    private final int callsPerLane;
    private final DispatchSwitch dispatch;
    private Supplier<Map<String, Long>> count;
    private LaneSource source;
    private Consumer<Attempt> handOver;
    /** The one job of {@link LossRules#ALONE} that was started and has not ended; null where none is. */
    private JobId alone;

    private int ticks;
    private boolean closed;
    private final Outage outage = new Outage(LOG, Level.WARN);

    /**
     * @param computations names of the catalogue, each of which has a lane
     * @param callsPerLane hand-overs of a lane that may be under way at once
     * @param dispatch whether jobs may start at all
     */
    public Lanes(Collection<String> computations, int callsPerLane, DispatchSwitch dispatch) {
        computations.forEach(name -> lanes.put(name, new Lane(name)));
        this.callsPerLane = callsPerLane;
        this.dispatch = dispatch;
        this.calls = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                DispatchThreads.named("start-attempt"));
    }

    /**
     * @param waiting counts the jobs that wait in the store, by lane
     * @param attempts where those whose turn it is come from
     * @param startAttempt hands one over, and returns when the driver has answered
     */
    void start(Supplier<Map<String, Long>> waiting, LaneSource attempts, Consumer<Attempt> startAttempt) {
        synchronized (this) {
            count = waiting;
            source = attempts;
            handOver = startAttempt;
        }
        recount();
        dispatch.whenOn(this::lookEverywhere);
        turns.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        lookEverywhere();
    }

    /** A computation that has left the catalogue keeps its lane until its last job has had its turn. */
    private Lane lane(String name) {
        return lanes.computeIfAbsent(name, Lane::new);
    }

    /** How many jobs that come out of the queue now may start at once, by computation. */
    synchronized Map<String, Integer> room() {
        Map<String, Integer> room = new HashMap<>();
        if (mayStart()) {
            lanes.values().forEach(lane -> room.put(lane.name, lane.roomForArrivals()));
        }
        return room;
    }

    private boolean mayStart() {
        return !closed && dispatch.isOn();
    }

    /** These were claimed and are to be handed over. */
    synchronized void claimed(List<Attempt> attempts) {
        attempts.forEach(attempt -> lane(attempt.job().simulationType()).claimed(attempt));
        attempts.forEach(attempt -> callWhatMayGo(lane(attempt.job().simulationType())));
    }

    /** So many more wait in the store. */
    void arrived(String lane, long jobs) {
        synchronized (this) {
            lane(lane).arrived(jobs);
        }
        look(lane);
    }

    private void callWhatMayGo(Lane lane) {
        if (!mayStart()) {
            return;
        }
        for (Attempt next = lane.next(callsPerLane); next != null; next = lane.next(callsPerLane)) {
            beginning.put(next.job().id(), lane);
            Attempt attempt = next;
            calls.execute(() -> call(lane, attempt));
        }
    }

    private void call(Lane lane, Attempt attempt) {
        try {
            handOver.accept(attempt);
        } catch (RuntimeException unanswered) {
            LOG.warn(
                    "Job {} attempt {} was not handed over: {}",
                    attempt.job().id(),
                    attempt.job().attempt(),
                    unanswered.toString());
            forget(attempt.job().id());
        } finally {
            boolean mayTakeMore;
            synchronized (this) {
                lane.answered(attempt.job().id());
                callWhatMayGo(lane);
                mayTakeMore = lane.waiting() > 0 && lane.room() > 0;
            }
            if (mayTakeMore) {
                look(lane.name);
            }
        }
    }

    /** The driver had no place for it. */
    synchronized void turnedAway(Attempt attempt, String reason) {
        Lane lane = beginning.remove(attempt.job().id());
        if (lane != null) {
            lane.turnedAway(attempt, reason);
        }
    }

    /** It will not begin any more, or has been looked after. */
    void forget(JobId job) {
        Set<String> roomier = new HashSet<>();
        synchronized (this) {
            leaves(job, true, roomier);
        }
        roomier.forEach(this::look);
    }

    private void leaves(JobId job, boolean ended, Set<String> roomier) {
        Lane lane = beginning.remove(job);
        if (lane != null) {
            lane.forget(job);
            roomier.add(lane.name);
        }
        if (ended && job.equals(alone)) {
            alone = null;
            roomier.add(LossRules.ALONE);
        }
    }

    /** Takes back a job that is in hand and not being handed over; empty where it is not. */
    Optional<Attempt> withdraw(JobId job) {
        Set<String> roomier = new HashSet<>();
        Optional<Attempt> withdrawn;
        synchronized (this) {
            withdrawn = lanes.values().stream()
                    .map(lane -> lane.withdraw(job))
                    .filter(Objects::nonNull)
                    .findFirst();
            if (withdrawn.isPresent()) {
                leaves(job, true, roomier);
            }
        }
        roomier.forEach(this::look);
        return withdrawn;
    }

    /** Statuses that took effect: what has begun makes room in its lane, what has ended perhaps in others. */
    public void heard(List<StatusEvent> events) {
        boolean placeIsFree = false;
        Set<String> roomier = new HashSet<>();
        synchronized (this) {
            for (StatusEvent event : events) {
                boolean ended = event.status().isTerminal();
                placeIsFree |= ended;
                if (ended || event.status() == JobStatus.RUNNING) {
                    leaves(event.jobId(), ended, roomier);
                }
            }
            if (placeIsFree) {
                roomier.addAll(letFullLanesTry());
            }
        }
        roomier.forEach(this::look);
    }

    private List<String> letFullLanesTry() {
        long now = System.nanoTime();
        List<String> trying = new ArrayList<>();
        for (Lane lane : lanes.values()) {
            if (lane.whyFull() != null && lane.hasBacklog() && !lane.grewSince(now - BETWEEN_TRIES.toNanos())) {
                lane.grow(now);
                trying.add(lane.name);
            }
        }
        return trying;
    }

    private void tick() {
        boolean recountIsDue;
        synchronized (this) {
            long now = System.nanoTime();
            lanes.values().forEach(lane -> lane.grow(now));
            recountIsDue = ++ticks % TICKS_TO_RECOUNT == 0 && waiting() > 0;
        }
        if (recountIsDue) {
            recountIfPossible();
        }
        lookEverywhere();
    }

    private void recountIfPossible() {
        try {
            recount();
        } catch (RuntimeException failure) {
            outage.failed("Jobs that wait cannot be counted: " + failure);
        }
    }

    /** Some leave without having their turn: they are cancelled. */
    private void recount() {
        Map<String, Long> before = new HashMap<>();
        synchronized (this) {
            lanes.values().forEach(lane -> before.put(lane.name, lane.arrivals()));
        }
        Map<String, Long> counted = count.get();
        synchronized (this) {
            counted.keySet().forEach(this::lane);
            lanes.values()
                    .forEach(lane ->
                            lane.counted(counted.getOrDefault(lane.name, 0L), before.getOrDefault(lane.name, 0L)));
        }
    }

    /** Looks for jobs that may start, in all lanes in turn. */
    private void lookEverywhere() {
        List<String> names;
        synchronized (this) {
            names = lanes.values().stream()
                    .filter(Lane::hasBacklog)
                    .map(lane -> lane.name)
                    .toList();
        }
        names.forEach(this::look);
    }

    private void look(String name) {
        synchronized (this) {
            if (closed || !lane(name).hasBacklog() || !due.add(lane(name))) {
                return;
            }
        }
        try {
            turns.execute(() -> takeTurn(name));
        } catch (RejectedExecutionException closing) {
            // What waits is in the store.
        }
    }

    /** A bounded number at a time, so that the other lanes have their turn. */
    private void takeTurn(String name) {
        Lane lane;
        int asked;
        long arrivals;
        synchronized (this) {
            lane = lane(name);
            due.remove(lane);
            asked = mayStart() && lane.waiting() > 0 ? Math.min(MOST_AT_ONCE, room(lane)) : 0;
            arrivals = lane.arrivals();
            callWhatMayGo(lane);
        }
        if (asked == 0) {
            return;
        }
        try {
            LaneSource.Claimed claimed = source.next(name, asked);
            synchronized (this) {
                lane.took(asked, claimed.jobs(), arrivals);
                if (name.equals(LossRules.ALONE) && !claimed.attempts().isEmpty()) {
                    alone = claimed.attempts().get(0).job().id();
                }
                claimed(claimed.attempts());
            }
            look(name);
            outage.over("Jobs that wait can be started again");
        } catch (RuntimeException failure) {
            // The next tick tries again.
            outage.failed("Jobs wait longer, since none can be claimed: " + failure);
        }
    }

    /** Jobs of the lane of those that start one after the other are handed over by the lane of their computation, before younger ones. */
    private int room(Lane lane) {
        if (lane.name.equals(LossRules.ALONE)) {
            return alone == null ? 1 : 0;
        }
        return lane.room();
    }

    /** Whether this gateway has claimed it and the driver has not answered for it yet. */
    synchronized boolean isInHand(JobId job) {
        return lanes.values().stream().anyMatch(lane -> lane.isInHand(job));
    }

    /** Jobs that wait in the store. */
    public synchronized long waiting() {
        return lanes.values().stream().mapToLong(Lane::waiting).sum();
    }

    synchronized long waiting(String lane) {
        return lane(lane).waiting();
    }

    /** What a job that has not been handed over waits for; empty where nothing keeps it. */
    public synchronized Optional<String> whyWaits(Job job) {
        boolean mayWait = job.status() == JobStatus.SUBMITTED
                || job.status() == JobStatus.DISPATCHED
                        && lane(job.simulationType()).isInHand(job.id());
        if (!mayWait) {
            return Optional.empty();
        }
        return dispatch.whyOff().or(() -> whyFull(lane(job.simulationType())));
    }

    private static Optional<String> whyFull(Lane lane) {
        long inLine = lane.waiting() + lane.claimed().size();
        return Optional.ofNullable(lane.whyFull())
                .map(why -> "waits for its turn, with " + inLine + " jobs of " + lane.name + " in line: " + why);
    }

    /**
     * Starts nothing more and lets hand-overs under way finish.
     *
     * @return those that were claimed and never handed over
     */
    List<Attempt> drain() {
        List<Attempt> unsent = new ArrayList<>();
        synchronized (this) {
            closed = true;
        }
        turns.shutdown();
        calls.shutdown();
        DispatchThreads.awaitEnd(turns, CLOSE_PATIENCE);
        DispatchThreads.awaitEnd(calls, CLOSE_PATIENCE);
        synchronized (this) {
            lanes.values().forEach(lane -> {
                unsent.addAll(lane.claimed());
                lane.claimed().clear();
            });
        }
        return unsent;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        turns.shutdownNow();
        calls.shutdownNow();
    }
}
