package org.raygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.raygateway.job.EventPosition;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;

/** The way in: admit, confirmQueued, withdraw, unconfirmed. */
interface AdmissionContract extends StoreUnderTest {

    @Test
    default void keepsEveryMemberOfAJob() {
        Instant submitted = Instant.parse("2026-03-04T05:06:07.123456789Z");
        String parameters = "{\"text\":\"" + "ü\\n\u20ac".repeat(50_000) + "\"}";
        Job job = new Job(
                JobId.next(),
                "option_pricing",
                parameters,
                JobStatus.SUBMITTED,
                0,
                0,
                0,
                "bob",
                null,
                submitted,
                submitted.plusNanos(1),
                "waiting",
                false);
        admitted(job);
        assertThat(store().find(job.id())).contains(job);
    }

    @Test
    default void knowsNoJobThatWasNotAdmitted() {
        JobId id = JobId.next();
        assertThat(store().find(id)).isEmpty();
        assertThat(store().result(id)).isEmpty();
        assertThat(store().events(id, EventPosition.START, 10)).isEmpty();
        assertThat(store().requestCancel(id)).isEqualTo(new Cancellation.Unknown());
        assertThat(taken(id)).isEqualTo(new Claim.Unknown());
    }

    @Test
    default void answersEachSubmissionInOrder() {
        Job first = newJob();
        store().admit(List.of(submission(first, "used")));
        Job second = newJob();
        Job third = newJob();
        assertThat(store().admit(List.of(
                        submission(second, null),
                        submission(newJob(), "used"),
                        submission(third, "new"),
                        new Submission(newJob(), "used", "other"))))
                .containsExactly(
                        new Admission.Admitted(second),
                        new Admission.Repeated(first, false),
                        new Admission.Admitted(third),
                        new Admission.KeyReused("used"));
    }

    @Test
    default void addsNothingForAKnownKey() {
        store().admit(List.of(submission(newJob(), "key")));
        Job repeated = newJob();
        Job other = newJob();
        store().admit(List.of(submission(repeated, "key"), new Submission(other, "key", "other")));
        assertThat(store().find(repeated.id())).isEmpty();
        assertThat(store().find(other.id())).isEmpty();
        assertThat(store().countActive()).isEqualTo(1);
    }

    @Test
    default void countsOneKeyTwiceInAListAsFirstAndRepetition() {
        Job first = newJob();
        assertThat(store().admit(List.of(submission(first, "key"), submission(newJob(), "key"))))
                .containsExactly(new Admission.Admitted(first), new Admission.Repeated(first, false));
    }

    @Test
    default void tellsWithARepetitionWhetherTheEarlierJobIsQueuedAndHowItStands() {
        Job first = newJob();
        store().admit(List.of(submission(first, "key")));
        store().confirmQueued(List.of(first.id()));
        assertThat(store().admit(List.of(submission(newJob(), "key"))))
                .containsExactly(new Admission.Repeated(first, true));
        Job started = started(first);
        assertThat(store().admit(List.of(submission(newJob(), "key"))))
                .containsExactly(new Admission.Repeated(started, true));
    }

    @Test
    default void confirmsSoonWithoutKeepingTheCallerWaiting() {
        Job first = newJob();
        store().admit(List.of(submission(first, "key")));
        store().confirmQueuedSoon(List.of(first.id()));
        assertThat(store().admit(List.of(submission(newJob(), "key"))))
                .containsExactly(new Admission.Repeated(first, true));
    }

    @Test
    default void takesAClaimAsProofThatTheMessageIsQueued() {
        Job first = newJob();
        store().admit(List.of(submission(first, "key")));
        Job started = started(first);
        assertThat(store().admit(List.of(submission(newJob(), "key"))))
                .containsExactly(new Admission.Repeated(started, true));
    }

    @Test
    default void asksForNoMessageForARepetitionOfAJobThatHasEnded() {
        Job first = newJob();
        store().admit(List.of(submission(first, "key")));
        store().requestCancel(first.id());
        assertThat(store().admit(List.of(submission(newJob(), "key"))))
                .containsExactly(new Admission.Repeated(found(first), true));
    }

    @Test
    default void keepsTheKeysOfRequestersApart() {
        Job alices = newJob();
        Job bobs = new Job(
                JobId.next(),
                "monte_carlo",
                "{}",
                JobStatus.SUBMITTED,
                0,
                0,
                0,
                "bob",
                null,
                now(),
                now(),
                null,
                false);
        assertThat(store().admit(List.of(submission(alices, "key"), submission(bobs, "key"))))
                .containsExactly(new Admission.Admitted(alices), new Admission.Admitted(bobs));
    }

    @Test
    default void admitsAllOrNone() {
        Job known = admitted();
        Job other = newJob();
        assertThatThrownBy(() -> store().admit(List.of(submission(other, "key"), submission(known, null))))
                .isInstanceOf(StoreException.class);
        assertThat(store().find(other.id())).isEmpty();
        assertThat(store().admit(List.of(submission(other, "key")))).containsExactly(new Admission.Admitted(other));
    }

    @Test
    default void makesOneJobOfManyThreadsWithOneKey() throws Exception {
        List<Admission> answers = StoreUnderTest.together(
                16, () -> store().admit(List.of(submission(newJob(), "key"))).get(0));
        assertThat(answers).filteredOn(Admission.Admitted.class::isInstance).hasSize(1);
        Job only = store().list(new JobQuery(null, null, null, null, null, 10))
                .jobs()
                .get(0);
        assertThat(answers)
                .filteredOn(Admission.Repeated.class::isInstance)
                .hasSize(15)
                .containsOnly(new Admission.Repeated(only, false));
        assertThat(store().countActive()).isEqualTo(1);
    }

    @Test
    default void hidesWithdrawnJobsFromEveryLookUp() {
        Job job = admitted();
        store().withdraw(List.of(job.id(), JobId.next()));
        assertThat(store().find(job.id())).isEmpty();
        assertThat(store().result(job.id())).isEmpty();
        assertThat(store().events(job.id(), EventPosition.START, 10)).isEmpty();
        assertThat(store().list(new JobQuery(null, null, null, null, null, 10)).jobs())
                .isEmpty();
        assertThat(store().list(new JobQuery(JobStatus.SUBMITTED, null, null, null, null, 10))
                        .jobs())
                .isEmpty();
        assertThat(store().unconfirmed(Instant.MAX, 10)).isEmpty();
        assertThat(store().countActive()).isZero();
        assertThat(store().requestCancel(job.id())).isEqualTo(new Cancellation.Unknown());
        assertThat(store().apply(List.of(running(job, 1, 1))).outcomes()).containsExactly(EventOutcome.UNKNOWN_JOB);
    }

    @Test
    default void startsNoWithdrawnJob() {
        Job job = admitted();
        store().withdraw(List.of(job.id()));
        assertThat(taken(job.id())).isEqualTo(new Claim.Skip());
        assertThat(store().find(job.id())).isEmpty();
    }

    @Test
    default void freesTheKeyOfAWithdrawnJob() {
        Job first = newJob();
        store().admit(List.of(submission(first, "key")));
        store().withdraw(List.of(first.id()));
        Job second = newJob();
        assertThat(store().admit(List.of(new Submission(second, "key", "other"))))
                .containsExactly(new Admission.Admitted(second));
        store().withdraw(List.of(first.id()));
        assertThat(store().admit(List.of(new Submission(newJob(), "key", "other"))))
                .containsExactly(new Admission.Repeated(second, false));
    }

    @Test
    default void doesNotWithdrawWhatIsKnownToBeQueued() {
        Job confirmed = admitted();
        store().confirmQueued(List.of(confirmed.id()));
        Job started = dispatched();
        store().withdraw(List.of(confirmed.id(), started.id()));
        assertThat(store().find(confirmed.id())).contains(confirmed);
        assertThat(store().find(started.id())).contains(started);
    }

    @Test
    default void bringsBackAWithdrawnJobThatWasConfirmedAfterAllSoThatItIsSentAgain() {
        Job job = newJob();
        store().admit(List.of(submission(job, "key")));
        store().withdraw(List.of(job.id()));
        taken(job.id());
        store().confirmQueued(List.of(job.id()));
        assertThat(store().find(job.id())).contains(job);
        assertThat(store().unconfirmed(Instant.MAX, 10)).containsExactly(job);
        assertThat(store().admit(List.of(submission(newJob(), "key"))))
                .containsExactly(new Admission.Repeated(job, false));
    }

    @Test
    default void listsUnconfirmedJobsOldestFirst() {
        Job second = admitted(newJob("monte_carlo", now().plusSeconds(1)));
        Job first = admitted(newJob("monte_carlo", now()));
        Job third = admitted(newJob("monte_carlo", now().plusSeconds(2)));
        assertThat(store().unconfirmed(now().plusSeconds(3), 10)).containsExactly(first, second, third);
        assertThat(store().unconfirmed(now().plusSeconds(2), 10)).containsExactly(first, second);
        assertThat(store().unconfirmed(now().plusSeconds(3), 1)).containsExactly(first);
    }

    @Test
    default void passesOverJobsWhoseMessageNobodyMisses() {
        store().confirmQueued(List.of(admitted().id(), JobId.next()));
        store().requestCancel(admitted().id());
        dispatched();
        clock().advance(Duration.ofHours(1));
        assertThat(store().unconfirmed(now(), 10)).isEmpty();
    }
}
