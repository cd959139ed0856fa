package org.raygateway.servicebus.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.azure.core.amqp.AmqpRetryOptions;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusSenderClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker whose disk fails acknowledges nothing, and comes back with what it had committed. */
class FailedCommitIT {

    @TempDir
    Path directory;

    private final AtomicBoolean diskIsFull = new AtomicBoolean();

    @Test
    void acknowledgesNothingItDidNotStoreAndRecovers() {
        try (EmbeddedServiceBus broker = EmbeddedServiceBus.start(TestEntities.settings(directory), FailingLog::new);
                Clients clients = new Clients(broker.connectionString())) {
            clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("before"));
            ServiceBusSenderClient impatient = clients.closing(clients.builder()
                    .retryOptions(new AmqpRetryOptions().setMaxRetries(0).setTryTimeout(Duration.ofSeconds(3)))
                    .sender()
                    .queueName(TestEntities.PLAIN)
                    .buildClient());
            impatient.createMessageBatch();

            diskIsFull.set(true);
            assertThatThrownBy(() -> impatient.sendMessage(new ServiceBusMessage("lost")))
                    .isInstanceOf(RuntimeException.class);
            diskIsFull.set(false);
            await().atMost(Clients.PATIENCE).until(broker::isHealthy);

            clients.sender(TestEntities.PLAIN).sendMessage(new ServiceBusMessage("after"));
            assertThat(Clients.bodies(Clients.receive(clients.deleting(TestEntities.PLAIN), 2)))
                    .containsExactly("before", "after");
        }
    }

    private final class FailingLog implements MessageLog {

        private final MessageLog log;
        private boolean dirty;

        FailingLog(MessageLog log) {
            this.log = log;
        }

        @Override
        public void save(StoredMessage message) {
            dirty = true;
            log.save(message);
        }

        @Override
        public void save(RuleSet rules) {
            dirty = true;
            log.save(rules);
        }

        @Override
        public List<RuleSet> ruleSets() {
            return log.ruleSets();
        }

        @Override
        public void commit() {
            if (dirty && diskIsFull.get()) {
                throw new LogException("the disk is full", null);
            }
            dirty = false;
            log.commit();
        }

        @Override
        public void discard() {
            dirty = false;
            log.discard();
        }

        @Override
        public void delete(StoredMessage message) {
            log.delete(message);
        }

        @Override
        public void mark(SequenceMark mark) {
            log.mark(mark);
        }

        @Override
        public void remember(RememberedId id) {
            log.remember(id);
        }

        @Override
        public void forgetIdsBefore(String queue, long time) {
            log.forgetIdsBefore(queue, time);
        }

        @Override
        public void replay(Consumer<SequenceMark> marks, Consumer<RememberedId> ids, Consumer<StoredMessage> messages) {
            log.replay(marks, ids, messages);
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
