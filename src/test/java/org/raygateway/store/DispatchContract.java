package org.raygateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
            Claim.Start start = (Claim.Start) store().claim(job.id(), 2);
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

        List<Claim> claims = store().claimSubmitted(List.of(fresh.id(), started.id(), other.id()), type -> 3);

        assertThat(claims.get(0)).isInstanceOf(Claim.Start.class);
        assertThat(claims.get(1)).isEqualTo(new Claim.Skip());
        assertThat(claims.get(2)).isInstanceOf(Claim.Start.class);
        assertThat(store().find(started.id())).contains(started);
        assertThat(store().find(other.id()).orElseThrow().attempt()).isEqualTo(1);
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
        Claim.Ended ended = (Claim.Ended) store().claim(job.id(), 1);
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
        Claim.Ended ended = (Claim.Ended) store().claim(job.id(), 3);
        assertThat(ended.event().status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(ended.event().position()).isEqualTo(new EventPosition(1, StatusEvent.LAST_WORD));
        assertThat(store().find(job.id())).contains(ended.job());
        assertThat(store().claim(job.id(), 3)).isEqualTo(new Claim.Skip());
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPLETED", "FAILED", "CANCELLED"})
    default void doesNotStartAJobThatHasEnded(JobStatus status) {
        Job job = ended(status);
        assertThat(store().claim(job.id(), 3)).isEqualTo(new Claim.Skip());
        assertThat(store().find(job.id())).contains(job);
    }

    @Test
    default void givesEveryOneOfManyClaimsItsOwnAttempt() throws Exception {
        Job job = admitted();
        List<Claim> claims = StoreUnderTest.together(16, () -> store().claim(job.id(), 10));
        assertThat(claims.stream()
                        .filter(Claim.Start.class::isInstance)
                        .map(claim -> ((Claim.Start) claim).event().attempt()))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 10).boxed().toList());
        assertThat(claims).filteredOn(Claim.Ended.class::isInstance).hasSize(1);
        assertThat(claims).filteredOn(Claim.Skip.class::isInstance).hasSize(5);
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
        store().claim(job.id(), 3);
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
        store().claim(job.id(), 3);
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
        assertThat(store().claim(job.id(), 3)).isEqualTo(new Claim.Skip());
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
