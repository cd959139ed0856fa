package org.raygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.raygateway.job.EventPosition;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

/** The job's life after admission: claim, apply, requestCancel, silent, touch. */
interface DispatchContract extends StoreUnderTest {

    @Test
    default void startsAJobAsItsNextAttempt() {
        Job job = admitted();
        for (int attempt = 1; attempt <= 2; attempt++) {
            clock().advance(Duration.ofSeconds(1));
            Claim.Start start = (Claim.Start) (attempt == 1 ? taken(job.id()) : startedAgain(job, Fate.BEGUN));
            assertThat(start.event())
                    .isEqualTo(new StatusEvent(job.id(), JobStatus.DISPATCHED, 0, attempt, 0, null, null, now()));
            assertThat(start.job().status()).isEqualTo(JobStatus.DISPATCHED);
            assertThat(start.job().position()).isEqualTo(new EventPosition(attempt, 0));
            assertThat(start.job().updatedAt()).isEqualTo(now());
            assertThat(start.job().parameters()).isEqualTo(job.parameters());
            assertThat(store().find(job.id())).contains(start.job());
        }
    }

    @Test
    default void startsSeveralJobsAtOnceButNoneThatWasDispatchedBefore() {
        Job fresh = admitted();
        Job started = dispatched();
        Job other = admitted();

        List<Claim> claims =
                store().take(List.of(fresh.id(), started.id(), other.id(), JobId.next()), Map.of("monte_carlo", 3));

        assertThat(claims.get(0)).isInstanceOf(Claim.Start.class);
        assertThat(claims.get(1)).isEqualTo(new Claim.Skip());
        assertThat(claims.get(2)).isInstanceOf(Claim.Start.class);
        assertThat(claims.get(3)).isEqualTo(new Claim.Unknown());
        assertThat(store().find(started.id())).contains(started);
        assertThat(store().find(other.id()).orElseThrow().attempt()).isEqualTo(1);
    }

    @Test
    default void whatThereIsNoRoomForWaitsInTheLaneOfItsComputation() {
        Job first = admitted();
        Job second = admitted();
        Job third = admitted();
        Job other = admitted(newJob("epidemic", now()));
        List<JobId> all = List.of(third.id(), first.id(), second.id(), other.id());

        List<Claim> claims = store().take(all, Map.of("monte_carlo", 1));

        assertThat(claims.get(0)).isInstanceOf(Claim.Start.class);
        assertThat(claims.subList(1, 4))
                .containsExactly(
                        new Claim.Waits("monte_carlo"), new Claim.Waits("monte_carlo"), new Claim.Waits("epidemic"));
        assertThat(store().take(all, Map.of("monte_carlo", 9, "epidemic", 9))).containsOnly(new Claim.Skip());
        assertThat(store().waiting()).isEqualTo(Map.of("monte_carlo", 2L, "epidemic", 1L));
        assertThat(found(first)).isEqualTo(first);
        assertThat(store().overdue(Instant.now().plusSeconds(7200), 10)).isEmpty();
        assertThat(store().unconfirmed(now().plusSeconds(1), 10)).isEmpty();
    }

    @Test
    default void givesTurnsInTheOrderOfSubmissionAndToOneLaneAlone() {
        Job first = admitted();
        clock().advance(Duration.ofSeconds(1));
        Job second = admitted();
        Job third = admitted();
        Job other = admitted(newJob("epidemic", now()));
        store().take(List.of(third.id(), second.id(), other.id(), first.id()), Map.of());

        List<Claim> claims = store().claimNext("monte_carlo", 2);

        assertThat(claims.stream().map(claim -> ((Claim.Start) claim).job().id()))
                .containsExactly(first.id(), second.id());
        assertThat(store().waiting()).isEqualTo(Map.of("monte_carlo", 1L, "epidemic", 1L));
        assertThat(store().claimNext("monte_carlo", 9)).hasSize(1);
        assertThat(store().claimNext("monte_carlo", 9)).isEmpty();
    }

    @Test
    default void keepsTheNumberAndThePlaceOfAnAttemptThatNeverBegan() {
        Job job = dispatched();
        clock().advance(Duration.ofSeconds(1));
        Job younger = admitted();
        store().take(List.of(younger.id()), Map.of());
        for (int i = 0; i < 5; i++) {
            assertThat(lost(job, Fate.NOT_BEGUN, 1)).isEqualTo(new Claim.Waits("monte_carlo"));
            assertThat(lost(job, Fate.NOT_BEGUN, 1)).as("it waits already").isEqualTo(new Claim.Skip());
            assertThat(found(job).message()).isEqualTo("Attempt 1 had not begun; waits for its turn to start again.");
            Claim.Start start =
                    (Claim.Start) store().claimNext("monte_carlo", 1).get(0);
            assertThat(start.event()).isNull();
            assertThat(start.job().id()).isEqualTo(job.id());
            assertThat(start.job().attempt()).isEqualTo(1);
        }
        assertThat(store().events(job.id(), EventPosition.START, 10)).hasSize(2);
        assertThat(found(job).message()).isNull();
    }

    @Test
    default void doesNotCountWhatTheGatewayInterruptedHoweverOften() {
        Job job = dispatched();
        for (int attempt = 1; attempt <= 150; attempt++) {
            store().apply(List.of(running(job, attempt, 1)));
            assertThat(startedAgain(job, Fate.INTERRUPTED).event().attempt()).isEqualTo(attempt + 1);
        }
        assertThat(lost(found(job), Fate.BEGUN, 2)).isEqualTo(new Claim.Waits("monte_carlo"));
    }

    @Test
    default void doesNotCountAttemptsOfWhichNothingWasHeardWithinReason() {
        Job job = dispatched();
        for (int attempt = 1; attempt <= 100; attempt++) {
            assertThat(startedAgain(job, Fate.UNCLEAR).event().attempt()).isEqualTo(attempt + 1);
        }
        Claim.Ended ended = (Claim.Ended) lost(found(job), Fate.UNCLEAR, 1);
        assertThat(ended.event().message()).isEqualTo("Gave up after 1 attempt.");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fate.class,
            names = {"BEGUN", "NOT_BEGUN", "UNCLEAR"})
    default void countsAnAttemptThatWasHeardToRunWhateverElseIsSaid(Fate fate) {
        Job job = dispatched();
        store().apply(List.of(running(job, 1, 1)));
        assertThat(startedAgain(job, fate).event().attempt()).isEqualTo(2);
        store().apply(List.of(running(job, 2, 1)));
        assertThat(lost(found(job), fate, 2)).isInstanceOf(Claim.Ended.class);
    }

    @Test
    default void whatRanWhenTheOneProcessDiedStartsAgainAlone() {
        Job one = dispatched();
        Job two = started(admitted(newJob("epidemic", now())));
        Job unheard = dispatched();
        LossRules rules = new LossRules(type -> 3, true);

        assertThat(store().lost(
                                List.of(
                                        new Loss(one.id(), 1, Fate.BEGUN),
                                        new Loss(two.id(), 1, Fate.BEGUN),
                                        new Loss(unheard.id(), 1, Fate.NOT_BEGUN)),
                                rules))
                .containsExactly(
                        new Claim.Waits(LossRules.ALONE),
                        new Claim.Waits(LossRules.ALONE),
                        new Claim.Waits("monte_carlo"));

        Job again = ((Claim.Start) store().claimNext(LossRules.ALONE, 1).get(0)).job();
        clock().advance(Duration.ofSeconds(1));
        assertThat(store().lost(List.of(new Loss(again.id(), 2, Fate.INTERRUPTED)), rules))
                .as("once suspected it stays alone")
                .containsExactly(new Claim.Waits(LossRules.ALONE));
        Job other = ((Claim.Start) store().claimNext(LossRules.ALONE, 1).get(0)).job();
        assertThat(other.id()).as("each in its turn").isNotEqualTo(again.id());
    }

    @Test
    default void passesOverALossOfAnotherAttemptOrOfAJobThatEnded() {
        Job job = dispatched();
        startedAgain(job, Fate.BEGUN);
        Job ended = ended(JobStatus.COMPLETED);
        Job fresh = admitted();
        List<Loss> losses = List.of(
                new Loss(job.id(), 1, Fate.BEGUN),
                new Loss(ended.id(), 1, Fate.BEGUN),
                new Loss(fresh.id(), 0, Fate.BEGUN),
                new Loss(JobId.next(), 1, Fate.BEGUN));

        assertThat(store().lost(losses, new LossRules(type -> 1, false)))
                .containsExactly(new Claim.Skip(), new Claim.Skip(), new Claim.Skip(), new Claim.Unknown());
        assertThat(found(ended)).isEqualTo(ended);
    }

    @Test
    default void waitsNoMoreOnceItIsHeardOf() {
        Job job = dispatched();
        lost(job, Fate.UNCLEAR, 3);
        assertThat(store().apply(List.of(running(job, 1, 1))).effective()).hasSize(1);
        assertThat(store().waiting()).isEmpty();
        assertThat(store().claimNext("monte_carlo", 1)).isEmpty();
    }

    @Test
    default void cancelsAtOnceWhatWaitsToBeStartedAgain() {
        Job job = dispatched();
        lost(job, Fate.BEGUN, 3);
        Cancellation.Done done = (Cancellation.Done) store().requestCancel(job.id());
        assertThat(done.event().position()).isEqualTo(new EventPosition(1, StatusEvent.LAST_WORD));
        assertThat(store().waiting()).isEmpty();
        Job waiting = admitted();
        store().take(List.of(waiting.id()), Map.of());
        assertThat(store().requestCancel(waiting.id())).isInstanceOf(Cancellation.Done.class);
        assertThat(store().claimNext("monte_carlo", 9)).isEmpty();
    }

    @Test
    default void listsJobsThatHaveBeenInTheQueueForTooLong() {
        Job queued = admitted();
        admitted();
        store().confirmQueued(List.of(queued.id()));
        dispatched();
        Instant later = Instant.now().plusSeconds(7200);

        assertThat(store().overdue(later, 10)).containsExactly(queued);
        assertThat(store().overdue(Instant.EPOCH, 10)).isEmpty();
    }

    @Test
    default void failsAJobThatHasUsedUpItsAttempts() {
        Job job = dispatched();
        store().apply(List.of(running(job, 1, 7)));
        Claim.Ended ended = (Claim.Ended) lost(found(job), Fate.BEGUN, 1);
        assertThat(ended.event().status()).isEqualTo(JobStatus.FAILED);
        assertThat(ended.event().position()).isEqualTo(new EventPosition(1, StatusEvent.LAST_WORD));
        assertThat(ended.event().progress()).isEqualTo(StatusEvent.NO_PROGRESS);
        assertThat(ended.event().message()).isEqualTo("Gave up after 1 attempt.");
        assertThat(store().find(job.id())).contains(ended.job());
        assertThat(store().events(job.id(), new EventPosition(1, 7), 10)).containsExactly(ended.event());
    }

    @Test
    default void endsAJobWhoseCancellationWasAskedForInsteadOfStartingItAgain() {
        Job job = dispatched();
        store().requestCancel(job.id());
        Claim.Ended ended = (Claim.Ended) lost(found(job), Fate.INTERRUPTED, 3);
        assertThat(ended.event().status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(ended.event().position()).isEqualTo(new EventPosition(1, StatusEvent.LAST_WORD));
        assertThat(store().find(job.id())).contains(ended.job());
        assertThat(taken(job.id())).isEqualTo(new Claim.Skip());
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "FAILED", "CANCELLED"})
    default void doesNotStartAJobThatHasEnded(JobStatus status) {
        Job job = ended(status);
        assertThat(taken(job.id())).isEqualTo(new Claim.Skip());
        assertThat(store().find(job.id())).contains(job);
    }

    @Test
    default void startsAJobForOneOfManyWhoTakeIt() throws Exception {
        Job job = admitted();
        List<Claim> claims = StoreUnderTest.together(16, () -> taken(job.id()));
        assertThat(claims).filteredOn(Claim.Start.class::isInstance).hasSize(1);
        assertThat(claims).filteredOn(Claim.Skip.class::isInstance).hasSize(15);
    }

    @Test
    default void givesATurnToOneOfManyWhoAskForIt() throws Exception {
        List<JobId> ids = List.of(admitted().id(), admitted().id(), admitted().id());
        store().take(ids, Map.of());
        List<List<Claim>> claims = StoreUnderTest.together(16, () -> store().claimNext("monte_carlo", 1));
        assertThat(claims.stream()
                        .flatMap(List::stream)
                        .map(claim -> ((Claim.Start) claim).job().id()))
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    default void movesAJobAlongWithItsEvents() {
        Job job = dispatched();
        clock().advance(Duration.ofSeconds(5));
        StatusEvent first = running(job, 1, 1);
        StatusEvent second = running(job, 1, 42);
        assertThat(store().apply(List.of(first, second)))
                .isEqualTo(new Applied(List.of(first, second), List.of(EventOutcome.APPLIED, EventOutcome.APPLIED)));
        Job moved = found(job);
        assertThat(moved.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(moved.position()).isEqualTo(new EventPosition(1, 42));
        assertThat(moved.progress()).isEqualTo(42);
        assertThat(moved.message()).isEqualTo("step 42");
        assertThat(moved.updatedAt()).isEqualTo(now());
        assertThat(moved.submittedAt()).isEqualTo(job.submittedAt());
    }

    @ParameterizedTest
    @CsvSource({"2,5,late or repeated", "2,4,late", "1,9,of an older attempt", "0,1000,of an older attempt"})
    default void changesNothingForAnEventThatIsNotAfterTheJobs(int attempt, long sequence, String why) {
        Job job = dispatched();
        startedAgain(job, Fate.BEGUN);
        store().apply(List.of(running(job, 2, 5)));
        Job before = found(job);
        clock().advance(Duration.ofSeconds(1));
        assertThat(store().apply(List.of(
                        running(job, attempt, sequence), event(job, JobStatus.COMPLETED, attempt, sequence, "{}"))))
                .as(why)
                .isEqualTo(new Applied(List.of(), List.of(EventOutcome.STALE, EventOutcome.STALE)));
        assertThat(store().find(job.id())).contains(before);
        assertThat(store().result(job.id())).isEmpty();
        assertThat(store().events(job.id(), new EventPosition(2, 0), 10)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "FAILED", "CANCELLED"})
    default void changesNothingOnceAJobHasEnded(JobStatus status) {
        Job job = ended(status);
        assertThat(store().apply(List.of(running(job, 1, 2), event(job, JobStatus.COMPLETED, 1, 9, "{\"pi\":4}"))))
                .isEqualTo(new Applied(List.of(), List.of(EventOutcome.STALE, EventOutcome.STALE)));
        assertThat(store().find(job.id())).contains(job);
        assertThat(store().result(job.id()).isPresent()).isEqualTo(status == JobStatus.COMPLETED);
    }

    @Test
    default void judgesEachEventOfAListByThoseBeforeIt() {
        Job one = dispatched();
        Job two = dispatched();
        StatusEvent done = event(one, JobStatus.COMPLETED, 1, 3, "[1]");
        StatusEvent other = running(two, 1, 1);
        assertThat(store().apply(List.of(
                        running(one, 1, 2),
                        running(one, 1, 1),
                        other,
                        done,
                        running(one, 1, 4),
                        other,
                        running(newJob(), 1, 1))))
                .isEqualTo(new Applied(
                        List.of(running(one, 1, 2), other, done),
                        List.of(
                                EventOutcome.APPLIED,
                                EventOutcome.STALE,
                                EventOutcome.APPLIED,
                                EventOutcome.APPLIED,
                                EventOutcome.STALE,
                                EventOutcome.STALE,
                                EventOutcome.UNKNOWN_JOB)));
    }

    @Test
    default void changesNothingForAnAttemptThatWasNeverDispatched() {
        Job waiting = admitted();
        Job started = dispatched();
        Job over = ended(JobStatus.FAILED);
        assertThat(store().apply(List.of(
                                running(waiting, 1, 1),
                                event(started, JobStatus.COMPLETED, 2, 1, "{}"),
                                running(started, Integer.MAX_VALUE, 1),
                                running(over, 2, 1)))
                        .outcomes())
                .hasSize(4)
                .containsOnly(EventOutcome.NEVER_DISPATCHED);
        assertThat(store().find(waiting.id())).contains(waiting);
        assertThat(store().find(started.id())).contains(started);
        assertThat(store().find(over.id())).contains(over);
    }

    @Test
    default void takesAnEventOfTheNewestAttempt() {
        Job job = dispatched();
        store().apply(List.of(running(job, 1, 500)));
        startedAgain(job, Fate.BEGUN);
        assertThat(store().apply(List.of(running(job, 2, 1))).outcomes()).containsExactly(EventOutcome.APPLIED);
        assertThat(found(job).position()).isEqualTo(new EventPosition(2, 1));
    }

    @Test
    default void letsOneOfManyEndingsWin() throws Exception {
        Job job = dispatched();
        List<List<StatusEvent>> taken = StoreUnderTest.together(12, () -> store().apply(List.of(event(
                        job,
                        JobStatus.COMPLETED,
                        1,
                        1,
                        "{\"n\":" + Thread.currentThread().getId() + "}")))
                .effective());
        assertThat(taken).filteredOn(list -> !list.isEmpty()).hasSize(1);
        String winner =
                taken.stream().flatMap(List::stream).findFirst().orElseThrow().result();
        assertThat(store().result(job.id())).contains(winner);
    }

    @Test
    default void keepsTheResultOfACompletedJobOnly() {
        assertThat(store().result(ended(JobStatus.COMPLETED).id())).contains("{\"pi\":3.14}");
        assertThat(store().result(ended(JobStatus.FAILED).id())).isEmpty();
        assertThat(store().result(dispatched().id())).isEmpty();
    }

    @Test
    default void cancelsAtOnceWhatHasNotStarted() {
        Job job = admitted();
        Cancellation.Done done = (Cancellation.Done) store().requestCancel(job.id());
        assertThat(done.event().position()).isEqualTo(new EventPosition(0, StatusEvent.LAST_WORD));
        assertThat(done.event().status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(done.job().status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(done.job().cancelRequested()).isTrue();
        assertThat(store().find(job.id())).contains(done.job());
        assertThat(taken(job.id())).isEqualTo(new Claim.Skip());
    }

    @Test
    default void asksAgainAsOftenAsItIsAskedToCancelWhatHasStarted() {
        Job job = dispatched();
        for (int i = 0; i < 2; i++) {
            Cancellation.Requested requested = (Cancellation.Requested) store().requestCancel(job.id());
            assertThat(requested.job().cancelRequested()).isTrue();
            assertThat(requested.job().status()).isEqualTo(JobStatus.DISPATCHED);
            assertThat(store().find(job.id())).contains(requested.job());
        }
        store().apply(List.of(running(job, 1, 1)));
        assertThat(found(job).cancelRequested()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "FAILED", "CANCELLED"})
    default void isTooLateToCancelWhatHasEnded(JobStatus status) {
        Job job = ended(status);
        assertThat(store().requestCancel(job.id())).isEqualTo(new Cancellation.TooLate(job));
        assertThat(store().find(job.id())).contains(job);
    }

    @Test
    default void findsStartedJobsNotHeardOfOldestFirst() {
        Job first = dispatched();
        clock().advance(Duration.ofSeconds(1));
        Job second = dispatched();
        store().apply(List.of(running(second, 1, 1)));
        admitted();
        ended(JobStatus.COMPLETED);
        assertThat(store().silent(now(), 10)).containsExactly(first);
        assertThat(store().silent(now().plusSeconds(1), 10)).containsExactly(first, found(second));
        assertThat(store().silent(now().plusSeconds(1), 1)).containsExactly(first);
    }

    @Test
    default void findsDispatchedJobsThatHaveNotBegunOldestFirst() {
        Job first = dispatched();
        clock().advance(Duration.ofSeconds(1));
        Job second = dispatched();
        store().apply(List.of(running(dispatched(), 1, 1)));
        admitted();
        assertThat(store().unstarted(now(), 10)).containsExactly(first);
        assertThat(store().unstarted(now().plusSeconds(1), 10)).containsExactly(first, second);
        assertThat(store().unstarted(now().plusSeconds(1), 1)).containsExactly(first);
    }

    @Test
    default void tellsWhatJobWaitsForUntilItBegins() {
        Job waiting = dispatched();
        Job begun = dispatched();
        store().apply(List.of(running(begun, 1, 1)));
        Job before = found(begun);
        clock().advance(Duration.ofSeconds(10));
        store().noteWaiting(Map.of(waiting.id(), "no node has 1 GPU", begun.id(), "too late", JobId.next(), "unknown"));
        assertThat(found(waiting).message()).isEqualTo("no node has 1 GPU");
        assertThat(found(waiting).status()).isEqualTo(JobStatus.DISPATCHED);
        assertThat(store().silent(now(), 10)).containsExactlyInAnyOrder(found(waiting), before);
        assertThat(found(waiting).updatedAt()).isEqualTo(waiting.updatedAt());
        assertThat(found(begun)).isEqualTo(before);
        StatusEvent begins = running(waiting, 1, 1);
        store().apply(List.of(begins));
        assertThat(found(waiting).message()).isEqualTo(begins.message());
    }

    @Test
    default void passesOverJobsThatWereSeenAlive() {
        Job seen = dispatched();
        Job silent = dispatched();
        Job waiting = admitted();
        clock().advance(Duration.ofSeconds(10));
        store().touch(List.of(seen.id(), waiting.id(), JobId.next()));
        assertThat(store().silent(now(), 10)).containsExactly(silent);
        assertThat(found(seen).updatedAt()).isEqualTo(now());
        assertThat(found(waiting)).isEqualTo(waiting);
    }
}
