package org.raygateway.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.GatewayFixture.SHORT;

import com.azure.core.amqp.models.AmqpMessageBody;
import com.azure.messaging.servicebus.ServiceBusMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.raygateway.EventReader;
import org.raygateway.FakeDriver;
import org.raygateway.GatewayFixture;
import org.raygateway.LogCapture;
import org.raygateway.Statuses;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;

/** Status messages of somebody who may write to the topic but started nothing. */
class ForgedStatusIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path data;

    private static final FakeDriver DRIVER = FakeDriver.start();
    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(data, DRIVER.properties("gateway.reconcile.silent-after", "1h"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        DRIVER.close();
    }

    static Stream<Arguments> forged() {
        return Stream.of(
                forged("an attempt beyond all", "invalid", job -> of(Statuses.running(job, Integer.MAX_VALUE, 1, 1))),
                forged("an attempt never dispatched", "never-dispatched", job -> of(Statuses.completed(job, 2, 1))),
                forged("the submission as an attempt", "invalid", job -> of(Statuses.completed(job, 0, 9))),
                forged("the place of the dispatch", "invalid", job -> of(Statuses.running(job, 1, 0, 1))),
                forged("a negative sequence", "invalid", job -> of(Statuses.running(job, 1, -1, 1))),
                forged("a position without end", "invalid", job -> of(Statuses.failed(job, 1, Long.MAX_VALUE, "x"))),
                forged("a result as the last word", "invalid", job -> of(completed(job, 1_000_000_000_000L, "{}"))),
                forged("a result over the limit", "invalid", job -> of(completed(job, 1, text(900_000)))),
                forged("a number too large to hold", "invalid", job -> of(completed(job, 1, "{\"x\":1e999999999}"))),
                forged("deep nesting", "invalid", job -> of(completed(job, 1, "[".repeat(5000) + "]".repeat(5000)))),
                forged(
                        "two statuses",
                        "invalid",
                        job -> of(Statuses.running(job, 1, 1, 1)
                                .replace("{\"job_id\"", "{\"status\":\"FAILED\",\"job_id\""))),
                forged(
                        "an unknown status",
                        "invalid",
                        job -> of(Statuses.running(job, 1, 1, 1).replace("RUNNING", "PAUSED"))),
                forged("progress out of bounds", "invalid", job -> of(Statuses.running(job, 1, 1, 1000))),
                forged(
                        "a time out of bounds",
                        "invalid",
                        job -> of(Statuses.running(job, 1, 1, 1)
                                .replaceAll("\"20[^\"]*Z\"", "\"+999999999-01-01T00:00:00Z\""))),
                forged(
                        "a message of control characters",
                        "invalid",
                        job -> of(Statuses.failed(job, 1, 1, "MARK").replace("MARK", "\\u001b]0;owned\\u0007"))),
                forged(
                        "an unknown job",
                        "unknown-job",
                        job -> of(Statuses.completed(JobId.next().toString(), 1, 1))),
                forged("another job's correlation id", "mismatched", job -> of(Statuses.completed(job, 1, 1))
                        .setCorrelationId(JobId.next().toString())),
                forged("no correlation id of a job", "mismatched", job -> of(Statuses.completed(job, 1, 1))
                        .setCorrelationId("x")),
                forged(
                        "a body that is no data",
                        "invalid",
                        job -> new ServiceBusMessage(AmqpMessageBody.fromValue(Statuses.completed(job, 1, 1)))),
                forged(
                        "a body that is a sequence",
                        "invalid",
                        job -> new ServiceBusMessage(AmqpMessageBody.fromSequence(List.of(1, Map.of())))),
                forged("no body", "invalid", job -> of("")));
    }

    private static Arguments forged(String what, String reason, Function<String, ServiceBusMessage> message) {
        return Arguments.of(what, reason, message);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forged")
    void isRefusedWithItsReasonAndCounted(String what, String reason, Function<String, ServiceBusMessage> message) {
        String job = gateway.submitDispatched(SHORT);
        String id = UUID.randomUUID().toString();
        double before = refused(reason);

        gateway.serviceBus().publish(List.of(message.apply(job).setMessageId(id)));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gateway.serviceBus().deadStatuses())
                        .filteredOn(dead -> id.equals(dead.getMessageId()))
                        .singleElement()
                        .satisfies(dead -> {
                            assertThat(dead.getDeadLetterReason()).isEqualTo("InvalidMessage");
                            assertThat(dead.getDeadLetterErrorDescription())
                                    .isNotBlank()
                                    .doesNotContain(job);
                        }));
        assertThat(refused(reason)).isEqualTo(before + 1);
        assertThat(gateway.find(job).get("attempt").asInt()).isEqualTo(1);
        try (EventReader events = gateway.follow(job)) {
            gateway.serviceBus().publish(Statuses.completed(job, 1, 5));
            events.awaitEnd();
            assertThat(events.ids()).containsExactly("0-0", "1-0", "1-5");
        }
    }

    @Test
    void floodOfThemDoesNotFillTheLog(@TempDir Path own) {
        try (GatewayFixture flooded = GatewayFixture.start(own, DRIVER.properties());
                LogCapture log = LogCapture.start()) {
            String job = flooded.submitDispatched(SHORT);
            for (int round = 0; round < 20; round++) {
                flooded.serviceBus()
                        .publish(IntStream.range(0, 50)
                                .mapToObj(i -> "forged\n" + i)
                                .toArray(String[]::new));
            }
            flooded.serviceBus().publish(Statuses.completed(job, 1, 5));
            flooded.awaitStatus(job, "COMPLETED");

            assertThat(log.messages().stream().filter(line -> line.contains("dead-letter")))
                    .hasSizeLessThan(10)
                    .noneMatch(line -> line.contains("forged"));
        }
    }

    /** What the metrics say. */
    private static double refused(String reason) {
        String name = "gateway_statuses_refused_total{reason=\"" + reason + "\"} ";
        return gateway.operations()
                .get("/observe/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }

    private static ServiceBusMessage of(String body) {
        return new ServiceBusMessage(body);
    }

    private static String completed(String job, long sequence, String result) {
        return Statuses.of(job, JobStatus.COMPLETED, 100, 1, sequence, null, result);
    }

    private static String text(int length) {
        return "\"" + "x".repeat(length) + "\"";
    }
}
