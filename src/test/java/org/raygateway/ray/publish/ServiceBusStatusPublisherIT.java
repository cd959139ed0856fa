package org.raygateway.ray.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;
import org.raygateway.servicebus.embedded.EmbeddedServiceBus;
import org.raygateway.servicebus.embedded.EmbeddedServiceBusSettings;

class ServiceBusStatusPublisherIT {
    private static final String ENTITIES =
            """
            {"UserConfig": {"Namespaces": [{"Name": "test", "Queues": [], "Topics": [
              {"Name": "job-status", "Properties": {}, "Subscriptions": [{"Name": "all", "Properties": {}}]}]}],
              "Logging": {"Type": "File"}}}
            """;

    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @TempDir
    private Path directory;

    private EmbeddedServiceBusSettings settings;
    private EmbeddedServiceBus broker;
    private ServiceBusStatusPublisher publisher;

    @BeforeEach
    void start() throws Exception {
        Path entities = Files.writeString(directory.resolve("entities.json"), ENTITIES);
        settings = EmbeddedServiceBusSettings.of(0, directory.resolve("bus.db"), "key", "a2V5")
                .withEntities(entities.toUri());
        broker = EmbeddedServiceBus.start(settings);
        publisher = new ServiceBusStatusPublisher(
                ServiceBusSettings.withConnectionString(broker.connectionString(), "job-status"));
    }

    @AfterEach
    void stop() {
        publisher.close();
        broker.close();
    }

    private static StatusMessage running(JobId job, int percent) {
        return new StatusMessage(
                new StatusEvent(job, JobStatus.RUNNING, percent, 1, percent + 1L, "on", null, Instant.now()),
                TRACEPARENT);
    }

    private static StatusMessage completed(JobId job, String result) {
        return new StatusMessage(
                new StatusEvent(job, JobStatus.COMPLETED, 100, 1, 101, null, result, Instant.now()), TRACEPARENT);
    }

    private List<ServiceBusReceivedMessage> receive(int count) {
        List<ServiceBusReceivedMessage> received = new ArrayList<>();
        try (ServiceBusReceiverClient receiver = new ServiceBusClientBuilder()
                .connectionString(broker.connectionString())
                .receiver()
                .topicName("job-status")
                .subscriptionName("all")
                .receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE)
                .buildClient()) {
            Instant end = Instant.now().plusSeconds(30);
            while (received.size() < count && Instant.now().isBefore(end)) {
                receiver.receiveMessages(count - received.size(), Duration.ofSeconds(2))
                        .forEach(received::add);
            }
        }
        return received;
    }

    @Test
    void messagesArriveInOrderAndAsTheContractSays() {
        JobId job = JobId.next();
        for (int percent = 0; percent < 100; percent++) {
            publisher.publish(running(job, percent));
        }
        publisher.publish(completed(job, "{\"estimate\":3.14}"));

        List<ServiceBusReceivedMessage> received = receive(101);
        assertThat(received)
                .extracting(m -> StatusEventJson.read(m.getBody().toString()).sequence())
                .hasSize(101)
                .isSorted();
        ServiceBusReceivedMessage last = received.get(100);
        assertThat(last.getMessageId()).isEqualTo(job + ":1:101");
        assertThat(last.getCorrelationId()).isEqualTo(job.toString());
        assertThat(last.getContentType()).isEqualTo("application/json");
        assertThat(received)
                .allSatisfy(m -> assertThat(m.getApplicationProperties()).containsEntry("traceparent", TRACEPARENT));
    }

    @Test
    void takesTheLargestResultThatAnActorMayGive() {
        JobId job = JobId.next();
        publisher.publish(running(job, 0));
        publisher.publish(completed(job, "\"" + "x".repeat(248 * 1024 - 2) + "\""));
        assertThat(receive(2)).hasSize(2);
    }

    @Test
    void terminalEventOutlivesARestartOfTheBroker() {
        JobId job = JobId.next();
        publisher.publish(running(job, 0));
        assertThat(receive(1)).hasSize(1);

        int port = broker.port();
        broker.close();
        publisher.publish(completed(job, "{}"));
        broker = EmbeddedServiceBus.start(settings.withPort(port));

        assertThat(receive(1))
                .extracting(m -> StatusEventJson.read(m.getBody().toString()).status())
                .containsExactly(JobStatus.COMPLETED);
    }

    @Test
    void goesOnWhereItsConnectionFallsSilent() throws Exception {
        JobId job = JobId.next();
        try (SilentRelay relay = new SilentRelay(broker.port());
                ServiceBusStatusPublisher far = new ServiceBusStatusPublisher(ServiceBusSettings.withConnectionString(
                        broker.connectionString().replace(":" + broker.port(), ":" + relay.port()), "job-status"))) {
            far.publish(running(job, 0));
            assertThat(far.flush(Duration.ofSeconds(20))).isTrue();

            relay.silence();
            far.publish(completed(job, "{}"));

            assertThat(far.flush(Duration.ofSeconds(40))).isTrue();
        }
        assertThat(receive(2))
                .extracting(m -> StatusEventJson.read(m.getBody().toString()).status())
                .containsExactly(JobStatus.RUNNING, JobStatus.COMPLETED);
    }
}
