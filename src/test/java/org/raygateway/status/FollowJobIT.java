package org.raygateway.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.EventReader;
import org.raygateway.EventReader.Event;
import org.raygateway.FakeDriver;
import org.raygateway.GatewayFixture;
import org.raygateway.Statuses;
import org.raygateway.job.JobStatus;

/** The way of statuses from the topic to the store and to subscribers. */
class FollowJobIT {
    @TempDir
    static Path data;

    private static final FakeDriver DRIVER = FakeDriver.start();
    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(data, DRIVER.properties("gateway.events.heartbeat", "200ms"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        DRIVER.close();
    }

    private static void publish(String... statuses) {
        gateway.serviceBus().publish(statuses);
    }

    @Test
    void tellsTheWholeStoryInOrder() {
        String job = gateway.submitDispatched(SHORT);
        try (EventReader events = gateway.follow(job)) {
            publish(Statuses.running(job, 1, 1, 0), Statuses.running(job, 1, 2, 50), Statuses.completed(job, 1, 3));

            List<Event> all = events.awaitEnd();
            assertThat(events.statuses()).containsExactly("SUBMITTED", "DISPATCHED", "RUNNING", "RUNNING", "COMPLETED");
            assertThat(events.ids()).containsExactly("0-0", "1-0", "1-1", "1-2", "1-3");
            assertThat(all).extracting(Event::type).containsOnly("status");
            assertThat(all.get(4).json().at("/result/estimate").asDouble()).isEqualTo(3.14);
        }
        assertThat(gateway.find(job).get("status").asText()).isEqualTo("COMPLETED");
    }

    @Test
    void ignoresLateAndRepeatedStatuses() {
        String job = gateway.submitDispatched(SHORT);
        try (EventReader events = gateway.follow(job)) {
            publish(
                    Statuses.running(job, 1, 5, 50),
                    Statuses.running(job, 1, 5, 60),
                    Statuses.running(job, 1, 4, 40),
                    Statuses.completed(job, 1, 6),
                    Statuses.failed(job, 1, 7, "too late"));

            events.awaitEnd();
            assertThat(events.ids()).containsExactly("0-0", "1-0", "1-5", "1-6");
        }
        publishAndSettle();
        assertThat(gateway.statusOf(job)).isEqualTo("COMPLETED");
        assertThat(gateway.serviceBus().deadStatuses())
                .noneMatch(message -> message.getBody().toString().contains(job));
    }

    /** Whatever was published before has been taken in when this returns. */
    private static void publishAndSettle() {
        String job = gateway.submitDispatched(SHORT);
        publish(Statuses.completed(job, 1, 1));
        gateway.awaitStatus(job, "COMPLETED");
    }

    @Test
    void deadLettersMalformedStatusesAndGoesOn() {
        String job = gateway.submitDispatched(SHORT);
        publish(
                "nonsense",
                "{}",
                "[]",
                "{\"job_id\": \"" + job + "\", \"status\": \"DONE\"}",
                Statuses.of(job, JobStatus.SUBMITTED, 0, 1, 7, null, null),
                Statuses.of(job, JobStatus.DISPATCHED, 0, 1, 8, null, null),
                Statuses.completed(job, 1, 9));

        gateway.awaitStatus(job, "COMPLETED");
        await().untilAsserted(() -> {
            List<ServiceBusReceivedMessage> dead = gateway.serviceBus().deadStatuses();
            assertThat(dead).hasSize(6).allSatisfy(message -> {
                assertThat(message.getDeadLetterReason()).isEqualTo("InvalidMessage");
                assertThat(message.getDeadLetterErrorDescription()).isNotBlank().doesNotContain("nonsense", job);
            });
        });
    }

    @Test
    void replaysExactlyWhatWasLive() {
        String job = gateway.submitDispatched(SHORT);
        try (EventReader live = gateway.follow(job)) {
            publish(IntStream.range(1, 60)
                    .mapToObj(i -> Statuses.running(job, 1, i, i))
                    .toArray(String[]::new));
            publish(Statuses.completed(job, 1, 60));
            live.awaitEnd();

            try (EventReader replay = gateway.follow(job)) {
                assertThat(replay.awaitEnd()).isEqualTo(live.events()).hasSize(62);
            }
        }
    }

    @Test
    void resumesAfterTheLastEventSeen() {
        String job = gateway.submitDispatched(SHORT);
        publish(Statuses.running(job, 1, 1, 10), Statuses.running(job, 1, 2, 20), Statuses.completed(job, 1, 3));
        gateway.awaitStatus(job, "COMPLETED");

        try (EventReader events = gateway.follow(job, "Last-Event-ID", "1-1")) {
            events.awaitEnd();
            assertThat(events.ids()).containsExactly("1-2", "1-3");
        }
    }

    @Test
    void hasNothingToResumeAfterTheEnd() {
        String job = gateway.submitDispatched(SHORT);
        publish(Statuses.completed(job, 1, 3));
        gateway.awaitStatus(job, "COMPLETED");

        try (EventReader events = gateway.follow(job, "Last-Event-ID", "1-3")) {
            assertThat(events.awaitStatusCode()).isEqualTo(204);
            assertThat(events.events()).isEmpty();
        }
    }

    @Test
    void keepsIdleStreamOpenWithComments() {
        String job = gateway.submitDispatched(SHORT);
        try (EventReader events = gateway.follow(job)) {
            await().until(() -> events.comments().size() >= 2);
            assertThat(events.hasEnded()).isFalse();
        }
        publish(Statuses.completed(job, 1, 1));
    }

    @Test
    void tellsAThousandSubscribersEverything() {
        String job = gateway.submitDispatched(SHORT);
        List<EventReader> subscribers = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                subscribers.add(gateway.follow(job));
            }
            for (int i = 1; i <= 5; i++) {
                publish(Statuses.running(job, 1, i, i));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> subscribers.stream()
                    .allMatch(one -> !one.events().isEmpty()));
            publish(Statuses.running(job, 1, 6, 50), Statuses.completed(job, 1, 7));

            List<String> whole = List.of("0-0", "1-0", "1-1", "1-2", "1-3", "1-4", "1-5", "1-6", "1-7");
            assertThat(subscribers).allSatisfy(one -> {
                one.awaitEnd();
                assertThat(one.ids()).isEqualTo(whole);
            });
        } finally {
            subscribers.forEach(EventReader::close);
        }
    }
}
