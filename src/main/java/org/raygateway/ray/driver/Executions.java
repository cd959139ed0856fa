package org.raygateway.ray.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.HealthReply;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitRequest;
import org.raygateway.job.StatusEvent;
import org.raygateway.logging.Outage;
import org.raygateway.ray.actor.StopReason;
import org.raygateway.ray.publish.StatusPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * All executions of a driver: who runs, who waits for a place, who ended. One lock guards the state and is never held
 * during a call to Ray or to the publisher; those happen on the launcher's threads.
 */
final class Executions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Executions.class);
    private static final int LAUNCHERS = 8;
    /** The actor stops publishing when the grace time is over; the driver speaks when that is sure. */
    private static final long LAST_WORD_MARGIN_MS = 200;

    private static final long SCARCE_AFTER_MS = 2_000;
    private static final long CLOSE_PATIENCE_MS = 3_000;

    private final RayDriverSettings settings;
    private final Actors actors;
    private final StatusPublisher publisher;
    private final Beginnings beginnings;
    private final Outage launches = new Outage(LOG, Level.WARN);
    private final ExecutorService launcher = Executors.newFixedThreadPool(LAUNCHERS, Threads.named("ray-launch"));
    private final ScheduledExecutorService timers =
            Executors.newSingleThreadScheduledExecutor(Threads.named("ray-timer"));
    private final CallWatcher watcher;

    private final Places places;
    private final History history = new History();
    private boolean closed;

    /** @param beginnings closed with this */
    Executions(RayDriverSettings settings, Actors actors, StatusPublisher publisher, Beginnings beginnings) {
        this.settings = settings;
        this.actors = actors;
        this.publisher = publisher;
        this.beginnings = beginnings;
        this.places = new Places(settings);
        this.watcher = new CallWatcher(actors, this::begun, this::finish);
        actors.find().forEach(this::adopt);
    }

    /** A dedicated actor that an earlier driver started goes on as if it were this driver's own. */
    private void adopt(Actors.Found found) {
        Run run = Run.found(found);
        synchronized (this) {
            history.start(run);
            places.take(run, new ArrayList<>());
            places.begun(run);
            forceAfter(run, run.assignment.mostTime().minus(found.elapsed()));
        }
        watcher.watch(run);
    }

    /**
     * Answers when the execution was started or taken in ahead, or is known not to be; fails where Ray or this driver cannot take work.
     *
     * @param request one that {@link SubmitChecks} let pass
     */
    CompletableFuture<SubmitReply> submit(SubmitRequest request) {
        Run run = Run.of(request, settings);
        synchronized (this) {
            requireReady();
            CompletableFuture<SubmitReply> before = history.startedBefore(run);
            return before != null ? before : admit(run);
        }
    }

    private CompletableFuture<SubmitReply> admit(Run run) {
        boolean canStart = places.hasOneFor(run);
        if (!canStart && !places.mayWait(run)) {
            makePlace(run);
            return CompletableFuture.completedFuture(Replies.busy(places.whatIsMissing(run.computation)));
        }
        supersede(history.start(run), run);
        if (canStart) {
            start(run);
        } else {
            places.queue(run);
            run.reply.complete(Replies.STARTED);
        }
        return run.reply;
    }

    /** An older attempt of the same job gives way at once, though the newer one has to come again. */
    private void makePlace(Run newer) {
        Run older = history.live(newer.assignment.job());
        if (older != null) {
            supersede(older, newer);
            history.forget(older);
        }
    }

    /** A newer attempt was made because the older one is not trusted any more: it ends without a word. */
    private void supersede(Run older, Run newer) {
        if (older == null || older.state == Run.State.ENDED) {
            return;
        }
        if (older.state == Run.State.WAITING) {
            places.leaveQueue(older);
            return;
        }
        places.giveUp(older);
        newer.predecessorGone = CompletableFuture.runAsync(() -> older.kill(), launcher);
    }

    private void start(Run run) {
        List<Actors.Actor> outdated = new ArrayList<>();
        places.take(run, outdated);
        launcher.execute(() -> {
            outdated.forEach(Actors.Actor::end);
            launch(run);
        });
    }

    private void launch(Run run) {
        try {
            run.predecessorGone.join();
            if (!mayBegin(run)) {
                return;
            }
            Actors.Actor actor = actors.readyFor(run);
            Actors.Call call = actor.run(run.assignment, run.parameters);
            launched(run, actor, call);
        } catch (RuntimeException unavailable) {
            notLaunched(run, unavailable);
        }
    }

    /** What cannot be recorded as begun, such as on a full disk, does not begin, and may come again. */
    private boolean mayBegin(Run run) {
        try {
            beginnings.begins(run.assignment);
            return true;
        } catch (IllegalStateException unrecorded) {
            launches.failed("No job is started: " + unrecorded.getMessage());
            Actors.Actor unwanted = neverBegins(run, run.actor);
            if (unwanted != null) {
                launcher.execute(unwanted::end);
            }
            run.reply.complete(Replies.busy(unrecorded.getMessage()));
            startWaiting();
            return false;
        }
    }

    private synchronized Actors.Actor neverBegins(Run run, Actors.Actor reusableOrNull) {
        history.end(run, EndedExecutions.Ended.neverBegun(run.assignment.attempt(), "Ray could not start it"));
        return places.release(run, reusableOrNull);
    }

    private void launched(Run run, Actors.Actor actor, Actors.Call call) {
        boolean givenUp;
        synchronized (this) {
            run.actor = actor;
            run.call = call;
            run.state = Run.State.CALLED;
            givenUp = run.givenUp || closed && !actors.outliveDriver(run);
        }
        launches.over("Jobs are started again");
        watcher.watch(run);
        if (givenUp) {
            run.kill();
        } else if (call.hasBegun()) {
            begun(run);
        } else {
            stopIfCancelled(run);
            timers.schedule(() -> makeRoom(run), SCARCE_AFTER_MS, TimeUnit.MILLISECONDS);
        }
        run.reply.complete(Replies.STARTED);
    }

    /** Warm actors keep their resources while they idle: what waits for resources comes first. */
    private void makeRoom(Run run) {
        List<Actors.Actor> idle;
        synchronized (this) {
            if (run.state != Run.State.CALLED || closed) {
                return;
            }
            idle = actors.mayRun(run.computation) ? places.makeRoomFor(run) : List.of();
        }
        idle.forEach(actor -> launcher.execute(actor::end));
        timers.schedule(() -> makeRoom(run), SCARCE_AFTER_MS, TimeUnit.MILLISECONDS);
    }

    /** Time counts from here: an actor may have waited long for its resources. */
    private void begun(Run run) {
        boolean cancelled;
        synchronized (this) {
            if (run.state != Run.State.CALLED || run.givenUp) {
                return;
            }
            places.begun(run);
            cancelled = run.cancelRequested;
            forceAfter(run, cancelled ? run.assignment.grace() : run.assignment.mostTime());
        }
        if (cancelled) {
            run.actor.stop(run.assignment, StopReason.CANCELLED);
        }
    }

    private void stopIfCancelled(Run run) {
        boolean cancelled;
        synchronized (this) {
            cancelled = run.state == Run.State.CALLED && run.cancelRequested;
        }
        if (cancelled) {
            force(run);
        }
    }

    private void notLaunched(Run run, RuntimeException cause) {
        launches.failed(
                "Ray did not start job " + run.assignment.job() + " attempt " + run.assignment.attempt(), cause);
        neverBegins(run, null);
        run.reply.completeExceptionally(cause);
        startWaiting();
    }

    private void forceAfter(Run run, Duration time) {
        long delay = time.toMillis() + LAST_WORD_MARGIN_MS;
        run.setTimer(timers.schedule(() -> launcher.execute(() -> force(run)), delay, TimeUnit.MILLISECONDS));
    }

    /** The execution did not end in time. The job ends here; the place follows when the call returns, if it ever does. */
    private void force(Run run) {
        StatusEvent lastWord;
        synchronized (this) {
            if (run.state == Run.State.ENDED || run.givenUp) {
                return;
            }
            lastWord = LastWords.forced(run);
            places.giveUp(run);
            history.end(run, EndedExecutions.Ended.with(lastWord));
        }
        beginnings.ended(run.assignment);
        publisher.publish(run.assignment.message(lastWord));
        run.kill();
        startWaiting();
    }

    /** The watcher saw the call return. */
    private void finish(Run run) {
        Outcome outcome = Outcome.of(run);
        Actors.Actor unwanted;
        boolean isNews;
        synchronized (this) {
            // After closing, what ended without a word of its own has been stopped by the driver: not the job's end.
            isNews = !run.givenUp && !(closed && outcome.lastWordOrNull() != null);
            if (isNews) {
                history.end(run, outcome.remembered());
            }
            boolean ends = outcome.actorDied() || closed || places.givesWay(run);
            unwanted = places.release(run, ends ? null : run.actor);
        }
        if (isNews) {
            beginnings.ended(run.assignment);
        } else if (!run.givenUp) {
            beginnings.interrupted(run.assignment);
        }
        startWaiting();
        if (unwanted != null) {
            launcher.execute(unwanted::end);
        }
        if (isNews && outcome.lastWordOrNull() != null) {
            publisher.publish(run.assignment.message(outcome.lastWordOrNull()));
        }
    }

    private synchronized void startWaiting() {
        Run next = closed ? null : places.nextFromQueue();
        while (next != null) {
            start(next);
            next = places.nextFromQueue();
        }
    }

    /** Returns whether the job had a live execution. */
    boolean cancel(String job) {
        Run run;
        Run.State state;
        boolean first;
        synchronized (this) {
            run = history.live(job);
            if (run == null) {
                return false;
            }
            first = !run.cancelRequested;
            run.cancelRequested = true;
            state = run.state;
            if (state == Run.State.RUNNING && first) {
                forceAfter(run, run.assignment.grace());
            } else if (state == Run.State.WAITING) {
                places.leaveQueue(run);
                history.end(run, EndedExecutions.Ended.with(LastWords.cancelled(run.assignment)));
            }
        }
        if (state == Run.State.WAITING) {
            publisher.publish(run.assignment.message(LastWords.cancelled(run.assignment)));
        } else if (state == Run.State.CALLED) {
            launcher.execute(() -> stopIfCancelled(run));
        } else if (state == Run.State.RUNNING && first) {
            run.actor.stop(run.assignment, StopReason.CANCELLED);
        }
        return true;
    }

    synchronized Execution describe(String job) {
        Run run = history.live(job);
        return run == null
                ? Descriptions.ended(job, history.ended(job), beginnings.of(job))
                : Descriptions.live(run, run.state == Run.State.WAITING ? places::whatIsMissing : actors::whyWaiting);
    }

    synchronized HealthReply health() {
        HealthReply.Builder health = places.health();
        whyNotReady().ifPresent(reason -> health.setReady(false).setReason(reason));
        return health.build();
    }

    private Optional<String> whyNotReady() {
        return closed ? Optional.of("the driver is stopping") : actors.whyNotReady();
    }

    private void requireReady() {
        whyNotReady().ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
    }

    /**
     * Ends what runs, silently: whoever looks after the jobs gives them another attempt. What outlives a driver is left to the next
     * one.
     */
    @Override
    public void close() {
        List<Run> running;
        List<Actors.Actor> idle;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            places.emptyQueue();
            running = history.live().stream()
                    .filter(run -> run.actor != null && !actors.outliveDriver(run))
                    .toList();
            idle = places.takeIdleActors();
        }
        running.forEach(run -> run.actor.stop(run.assignment, StopReason.ABANDONED));
        idle.forEach(Actors.Actor::end);
        watcher.close(running.isEmpty() ? Duration.ZERO : Duration.ofMillis(CLOSE_PATIENCE_MS));
        launcher.shutdown();
        if (!Threads.awaitEnd(launcher, CLOSE_PATIENCE_MS)) {
            LOG.warn("Some actors were still being ended when the driver stopped");
        }
        timers.shutdownNow();
        interrupt(running);
        beginnings.close();
        actors.close();
    }

    /** Those that did not stop in time. */
    private synchronized void interrupt(List<Run> abandoned) {
        abandoned.stream()
                .filter(run -> run.state != Run.State.ENDED)
                .forEach(run -> beginnings.interrupted(run.assignment));
    }
}
