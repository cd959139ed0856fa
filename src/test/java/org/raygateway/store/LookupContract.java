package org.raygateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.raygateway.job.EventPosition;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;

/** Looking and forgetting: list, events, countActive, purge, ping. */
interface LookupContract extends StoreUnderTest {

    @Test
    default void replaysAJobsEventsInOrder() {
        Job job = admitted();
        clock().advance(Duration.ofSeconds(1));
        StatusEvent first = ((Claim.Start) taken(job.id())).event();
        StatusEvent working = running(job, 1, 5);
        store().apply(List.of(working));
        StatusEvent second = startedAgain(job, Fate.BEGUN).event();
        StatusEvent done = event(job, JobStatus.COMPLETED, 2, 1, "{\"pi\":3}");
        store().apply(List.of(done));

        StatusEvent submitted = new StatusEvent(job.id(), JobStatus.SUBMITTED, 0, 0, 0, null, null, job.submittedAt());
        List<StatusEvent> all = List.of(submitted, first, working, second, done);
        assertThat(store().events(job.id(), EventPosition.START, 10)).isEqualTo(all);
        for (int i = 0; i < all.size(); i++) {
            assertThat(store().events(job.id(), all.get(i).position(), 10)).isEqualTo(all.subList(i + 1, all.size()));
            assertThat(store().events(job.id(), EventPosition.START, i + 1)).isEqualTo(all.subList(0, i + 1));
        }
        assertThat(store().events(job.id(), new EventPosition(1, 3), 1)).containsExactly(working);
    }

    @Test
    default void pagesThroughJobsNewestFirstWhileOthersAreAdded() {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            jobs.add(admitted());
        }
        jobs.sort(Comparator.comparing(Job::id).reversed());
        List<Job> seen = new ArrayList<>();
        JobId cursor = null;
        do {
            JobPage page = store().list(new JobQuery(null, null, null, null, cursor, 3));
            assertThat(page.jobs()).hasSizeLessThanOrEqualTo(3);
            seen.addAll(page.jobs());
            cursor = page.next();
            admitted();
        } while (cursor != null);
        assertThat(seen).isEqualTo(jobs);
    }

    @Test
    default void hasNoNextPageAfterAFullLastOne() {
        admitted();
        admitted();
        assertThat(store().list(new JobQuery(null, null, null, null, null, 2)).next())
                .isNull();
        assertThat(store().list(new JobQuery(null, null, null, null, null, 1)).next())
                .isNotNull();
    }

    @Test
    default void filtersByEveryCombination() {
        Instant start = now();
        List<Job> all = new ArrayList<>();
        for (String type : List.of("monte_carlo", "epidemic")) {
            for (int second = 0; second < 4; second++) {
                Job job = admitted(newJob(type, start.plusSeconds(second)));
                if (second % 2 == 1) {
                    taken(job.id());
                }
                all.add(found(job));
            }
        }
        all.sort(Comparator.comparing(Job::id).reversed());
        for (JobStatus status : Arrays.asList(null, JobStatus.SUBMITTED, JobStatus.DISPATCHED, JobStatus.FAILED)) {
            for (String type : Arrays.asList(null, "monte_carlo", "epidemic", "unknown")) {
                for (Instant from : Arrays.asList(null, start.plusSeconds(1), start.plusSeconds(9))) {
                    for (Instant to : Arrays.asList(null, start.plusSeconds(3), start, Instant.MAX)) {
                        for (JobId before : Arrays.asList(null, all.get(2).id())) {
                            JobQuery query = new JobQuery(status, type, from, to, before, 100);
                            assertThat(store().list(query).jobs())
                                    .as(query.toString())
                                    .isEqualTo(all.stream()
                                            .filter(job -> fits(job, query))
                                            .toList());
                        }
                    }
                }
            }
        }
    }

    private static boolean fits(Job job, JobQuery query) {
        return (query.status() == null || job.status() == query.status())
                && (query.simulationType() == null || job.simulationType().equals(query.simulationType()))
                && (query.submittedFrom() == null || !job.submittedAt().isBefore(query.submittedFrom()))
                && (query.submittedTo() == null || job.submittedAt().isBefore(query.submittedTo()))
                && (query.before() == null || job.id().compareTo(query.before()) < 0);
    }

    @Test
    default void refusesALimitThatIsNotPositive() {
        assertThatThrownBy(() -> store().list(new JobQuery(null, null, null, null, null, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a limit must be positive, got 0");
        assertThatThrownBy(() -> store().events(JobId.next(), EventPosition.START, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    default void countsJobsThatHaveNotEnded() {
        admitted();
        dispatched();
        store().apply(List.of(running(dispatched(), 1, 1)));
        ended(JobStatus.COMPLETED);
        ended(JobStatus.FAILED);
        store().requestCancel(admitted().id());
        assertThat(store().countActive()).isEqualTo(3);
    }

    @Test
    default void purgesEverythingOfAJobThatEndedLongAgo() {
        Job job = newJob();
        store().admit(List.of(submission(job, "key")));
        taken(job.id());
        store().apply(List.of(event(job, JobStatus.COMPLETED, 1, 1, "{}")));
        clock().advance(Duration.ofDays(1));
        assertThat(store().purge(now(), 10)).isEqualTo(1);
        assertThat(store().find(job.id())).isEmpty();
        assertThat(store().result(job.id())).isEmpty();
        assertThat(store().events(job.id(), EventPosition.START, 10)).isEmpty();
        assertThat(taken(job.id())).isEqualTo(new Claim.Unknown());
        Job again = newJob();
        assertThat(store().admit(List.of(new Submission(again, "key", "other"))))
                .containsExactly(new Admission.Admitted(again));
    }

    @Test
    default void purgesOnlyJobsThatEndedBeforeAndAtMostSoMany() {
        Job first = ended(JobStatus.FAILED);
        clock().advance(Duration.ofSeconds(1));
        Job second = ended(JobStatus.CANCELLED);
        clock().advance(Duration.ofSeconds(1));
        Instant limit = now();
        Job third = ended(JobStatus.COMPLETED);
        Job running = dispatched();
        Job waiting = admitted();
        clock().advance(Duration.ofDays(1));
        assertThat(store().purge(limit, 1)).isEqualTo(1);
        assertThat(store().find(first.id())).isEmpty();
        assertThat(store().find(second.id())).isPresent();
        assertThat(store().purge(limit, 10)).isEqualTo(1);
        assertThat(store().purge(limit, 10)).isZero();
        assertThat(store().list(new JobQuery(null, null, null, null, null, 10)).jobs())
                .extracting(Job::id)
                .containsExactlyInAnyOrder(third.id(), running.id(), waiting.id());
    }

    @Test
    default void purgesWithdrawnJobsWithoutTheKeysOthersTookSince() {
        Job withdrawn = newJob();
        store().admit(List.of(submission(withdrawn, "key")));
        store().withdraw(List.of(withdrawn.id()));
        Job later = newJob();
        store().admit(List.of(submission(later, "key")));
        clock().advance(Duration.ofDays(1));
        store().purge(now(), 10);
        assertThat(taken(withdrawn.id())).isEqualTo(new Claim.Unknown());
        assertThat(store().admit(List.of(submission(newJob(), "key"))))
                .containsExactly(new Admission.Repeated(later, false));
    }

    @Test
    default void answersAPing() {
        store().ping(Duration.ofSeconds(10));
        assertThat(store().countActive()).isZero();
    }

    @Test
    default void refusesToWorkOnceClosed() {
        store().close();
        assertThatThrownBy(() -> store().ping(Duration.ofSeconds(10)))
                .isInstanceOf(StoreException.class)
                .hasMessage("The job store is closed");
        assertThatThrownBy(() -> store().countActive()).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> store().admit(List.of(submission(newJob(), null))))
                .isInstanceOf(StoreException.class);
    }
}
