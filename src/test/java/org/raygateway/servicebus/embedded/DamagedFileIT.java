package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose file is overwritten while it runs. */
class DamagedFileIT {
    private static final int PAGE = 4_096;
    private static final int MESSAGES = 400;

    @TempDir
    Path directory;

    @Test
    void servesNobodySaysWhyAndDoesNotSpin() throws Exception {
        EmbeddedServiceBusSettings settings = TestEntities.settings(directory);
        try (EmbeddedServiceBus broker = EmbeddedServiceBus.start(settings);
                Clients clients = new Clients(broker.connectionString())) {
            ServiceBusSenderClient sender = clients.sender(TestEntities.PLAIN);
            for (int i = 0; i < MESSAGES; i++) {
                sender.sendMessage(new ServiceBusMessage("x".repeat(20_000)));
            }
            overwrite(settings.dataFile(), PAGE);
            overwrite(Path.of(settings.dataFile() + "-wal"), 32);

            receiveUntil(broker, clients);

            assertThat(broker.isHealthy()).isFalse();
            assertThat(broker.trouble())
                    .contains(settings.dataFile() + " is damaged. Stop the gateway and restore the file from a backup");
            assertThat(cpuOfBroker(Duration.ofSeconds(2))).isLessThan(Duration.ofMillis(500));
            assertThat(broker.isHealthy()).isFalse();
        }
    }

    private static void receiveUntil(EmbeddedServiceBus broker, Clients clients) {
        ServiceBusReceiverClient receiver = clients.closing(clients.builder()
                .retryOptions(new AmqpRetryOptions().setMaxRetries(0).setTryTimeout(Duration.ofSeconds(2)))
                .receiver()
                .receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE)
                .queueName(TestEntities.PLAIN)
                .buildClient());
        await().atMost(Duration.ofSeconds(40)).until(() -> {
            try {
                receiver.receiveMessages(MESSAGES, Duration.ofSeconds(1)).forEach(message -> {});
            } catch (RuntimeException turnedAway) {
                assertThat(turnedAway).isNotNull();
            }
            return !broker.isHealthy();
        });
    }

    private static void overwrite(Path file, int from) throws IOException {
        byte[] garbage = new byte[PAGE];
        Arrays.fill(garbage, (byte) 0x5a);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (long at = from; at + PAGE <= Files.size(file); at += PAGE) {
                channel.write(ByteBuffer.wrap(garbage), at);
            }
        }
    }

    private static Duration cpuOfBroker(Duration time) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long id = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("embedded-service-bus") && thread.isAlive())
                .findFirst()
                .orElseThrow()
                .getId();
        long before = threads.getThreadCpuTime(id);
        long end = System.nanoTime() + time.toNanos();
        await().atMost(time.multipliedBy(3)).until(() -> System.nanoTime() > end);
        return Duration.ofNanos(threads.getThreadCpuTime(id) - before);
    }
}
