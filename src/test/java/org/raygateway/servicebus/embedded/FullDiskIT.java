package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.SmallDisk;

/** A broker in a process of its own, on a file system that is full for a while. */
class FullDiskIT {
    private static final Duration FULL = Duration.ofSeconds(6);
    private static final int LARGE = 20_000;

    @TempDir
    Path directory;

    @Test
    void goesOnWhenThereIsRoomAgainAndFloodsNoLog() throws Exception {
        Path log = directory.resolve("broker.log");
        List<String> acknowledged = new ArrayList<>();
        try (SmallDisk disk = SmallDisk.mount(directory, 24);
                BrokerProcess broker = new BrokerProcess(disk.path(), ProcessBuilder.Redirect.to(log.toFile()));
                Clients clients = new Clients(broker.connectionString())) {
            ServiceBusSenderClient sender = clients.closing(clients.builder()
                    .retryOptions(new AmqpRetryOptions().setMaxRetries(0).setTryTimeout(Duration.ofSeconds(2)))
                    .sender()
                    .queueName(TestEntities.PLAIN)
                    .buildClient());
            send(sender, "before", acknowledged);

            disk.fill();
            AtomicInteger connects = new AtomicInteger();
            AtomicBoolean stop = new AtomicBoolean();
            Thread hasty = new Thread(() -> connectAgainAndAgain(broker.connectionString(), connects, stop));
            hasty.start();
            long end = System.nanoTime() + FULL.toNanos();
            for (int i = 0; System.nanoTime() < end; i++) {
                send(sender, "full-" + i, acknowledged);
                disk.fill();
            }
            stop.set(true);
            hasty.join();
            long linesWhileFull = lines(log);
            disk.free();

            await().atMost(Duration.ofSeconds(10)).until(() -> send(sender, "after", acknowledged));
            assertThat(connects).hasValueGreaterThan(100);
            assertThat(linesWhileFull).isBetween(1L, FULL.toSeconds());
            assertThat(Files.size(log)).isLessThan(10_000);
            assertThat(stored(clients)).containsAll(acknowledged);
        }
    }

    private static boolean send(ServiceBusSenderClient sender, String id, List<String> acknowledged) {
        try {
            sender.sendMessage(new ServiceBusMessage("x".repeat(LARGE)).setMessageId(id));
            acknowledged.add(id);
            return true;
        } catch (RuntimeException refused) {
            return false;
        }
    }

    private static void connectAgainAndAgain(String connectionString, AtomicInteger connects, AtomicBoolean stop) {
        int port = Integer.parseInt(connectionString.replaceAll("^Endpoint=sb://localhost:(\\d+);.*$", "$1"));
        while (!stop.get()) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(1_000);
                connects.incrementAndGet();
                socket.getInputStream().read();
            } catch (IOException turnedAway) {
                assertThat(turnedAway).isNotNull();
            }
        }
    }

    private static long lines(Path log) {
        try (var lines = Files.lines(log)) {
            return lines.count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> stored(Clients clients) {
        List<String> ids = new ArrayList<>();
        ServiceBusReceiverClient receiver = clients.receiver(TestEntities.PLAIN);
        long next = 0;
        List<ServiceBusReceivedMessage> page =
                receiver.peekMessages(500, next).stream().toList();
        while (!page.isEmpty()) {
            page.forEach(message -> ids.add(message.getMessageId()));
            next = page.get(page.size() - 1).getSequenceNumber() + 1;
            page = receiver.peekMessages(500, next).stream().toList();
        }
        return ids;
    }
}
