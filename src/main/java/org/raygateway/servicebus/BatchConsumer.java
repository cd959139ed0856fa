package org.raygateway.servicebus;

import com.azure.messaging.servicebus.ServiceBusClientBuilder.ServiceBusReceiverClientBuilder;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverAsyncClient;
import com.azure.messaging.servicebus.models.DeadLetterOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.component.azure.servicebus.ServiceBusConfiguration;
import org.apache.camel.component.azure.servicebus.ServiceBusType;
import org.apache.camel.support.DefaultConsumer;
import org.raygateway.logging.Outage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Takes whatever has arrived, at most {@code batchSize} messages, through the route as one {@link ReceivedBatch}, then settles
 * them together. One batch at a time, so the order of the queue is kept. A single message never waits for company.
 */
final class BatchConsumer extends DefaultConsumer implements Suspendable {
    private static final Logger LOG = LoggerFactory.getLogger(BatchConsumer.class);
    private static final Duration MAX_BACK_OFF = Duration.ofSeconds(5);
    private static final int SETTLEMENTS_IN_FLIGHT = 64;
    private static final Duration REFUSED_PAUSE = Duration.ofSeconds(10);
    /** Of messages whose connection broke some are never answered, and those behind them wait. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private final GatewayServiceBusEndpoint endpoint;
    private final ServiceBusClients clients;
    private final int batchSize;
    private final BlockingQueue<ServiceBusReceivedMessage> arrived;
    private final Outage unsettled = new Outage(LOG, Level.WARN);
    private ServiceBusReceiverAsyncClient receiver;
    private LockKeeper locks;
    private Intake intake;
    private Thread worker;
    private volatile boolean closing;
    private long refusedUntold;
    private long refusedToldNanos = System.nanoTime() - REFUSED_PAUSE.toNanos();

    BatchConsumer(GatewayServiceBusEndpoint endpoint, Processor processor, ServiceBusClients clients, int batchSize) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.clients = clients;
        this.batchSize = batchSize;
        this.arrived = new ArrayBlockingQueue<>(2 * batchSize);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        open();
    }

    @Override
    protected void doStop() throws Exception {
        shut();
        super.doStop();
    }

    @Override
    protected void doSuspend() throws Exception {
        shut();
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        open();
    }

    private void open() {
        closing = false;
        receiver = buildReceiver();
        locks = new LockKeeper(receiver, clients.settings().maxLock());
        intake = new Intake();
        receiver.receiveMessages()
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(200)).maxBackoff(MAX_BACK_OFF))
                .subscribe(intake);
        worker = new Thread(this::work, "relay-" + endpoint.getConfiguration().getTopicOrQueueName());
        worker.start();
    }

    /** The batch in work is finished and settled first, as far as time allows; what else has arrived goes back to the queue. */
    private void shut() throws InterruptedException {
        closing = true;
        if (worker != null) {
            endWorker();
            giveBack();
        }
        if (intake != null) {
            intake.dispose();
        }
        if (locks != null) {
            locks.close();
        }
        if (receiver != null) {
            receiver.close();
        }
    }

    /** One that waits, such as for a store that is down, is interrupted, and gives its batch back itself. */
    private void endWorker() throws InterruptedException {
        long patience = clients.settings().tryTimeout().toMillis();
        worker.join(patience);
        if (worker.isAlive()) {
            worker.interrupt();
            worker.join(patience);
        }
    }

    /** While the receiver is still open; messages it goes on to bring are as many as were asked for at the most. */
    private void giveBack() {
        List<ServiceBusReceivedMessage> unprocessed = new ArrayList<>();
        while (arrived.drainTo(unprocessed) > 0) {
            settle(new ReceivedBatch(unprocessed), false);
            unprocessed.clear();
        }
    }

    private ServiceBusReceiverAsyncClient buildReceiver() {
        ServiceBusConfiguration configuration = endpoint.getConfiguration();
        ServiceBusReceiverClientBuilder builder = clients.builder()
                .receiver()
                .disableAutoComplete()
                .maxAutoLockRenewDuration(Duration.ZERO)
                .prefetchCount(batchSize);
        return configuration.getServiceBusType() == ServiceBusType.topic
                ? builder.topicName(configuration.getTopicOrQueueName())
                        .subscriptionName(configuration.getSubscriptionName())
                        .buildAsyncClient()
                : builder.queueName(configuration.getTopicOrQueueName()).buildAsyncClient();
    }

    private void work() {
        List<ServiceBusReceivedMessage> batch = new ArrayList<>(batchSize);
        while (!closing) {
            try {
                ServiceBusReceivedMessage first = arrived.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                arrived.drainTo(batch, batchSize - 1);
                process(new ReceivedBatch(batch));
                intake.request(batch.size());
                batch.clear();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void process(ReceivedBatch batch) {
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(batch);
            getProcessor().process(exchange);
        } catch (Exception failure) {
            exchange.setException(failure);
        }
        Exception failure = exchange.getException();
        releaseExchange(exchange, false);
        if (failure != null) {
            getExceptionHandler().handleException("A batch of messages was not processed", failure);
        }
        settle(batch, failure == null);
    }

    /** A settlement that fails leaves its message locked: it comes again, and changes nothing then. */
    private void settle(ReceivedBatch batch, boolean processed) {
        if (processed) {
            tellRefused(batch.refused().values());
        }
        try {
            Flux.fromIterable(batch.messages())
                    .flatMap(message -> settle(batch, message, processed), SETTLEMENTS_IN_FLIGHT)
                    .blockLast(SETTLING);
        } catch (RuntimeException failure) {
            unsettled.failed("Messages of " + endpoint + " could not be settled and will come again: " + failure);
        } finally {
            batch.messages().forEach(locks::release);
        }
    }

    /** Whoever may send may send a flood: a line now and then, and no text of a stranger's in it. */
    private void tellRefused(Collection<String> reasons) {
        refusedUntold += reasons.size();
        long now = System.nanoTime();
        if (!reasons.isEmpty() && now - refusedToldNanos >= REFUSED_PAUSE.toNanos()) {
            LOG.warn(
                    "Refused, to the dead-letter queue of {}: {}, the newest because {}",
                    endpoint.getConfiguration().getTopicOrQueueName(),
                    refusedUntold,
                    reasons.iterator().next());
            refusedUntold = 0;
            refusedToldNanos = now;
        }
    }

    private Mono<Void> settle(ReceivedBatch batch, ServiceBusReceivedMessage message, boolean processed) {
        if (!processed) {
            return receiver.abandon(message).onErrorComplete();
        }
        String reason = batch.refused().get(message);
        if (reason == null) {
            return receiver.complete(message);
        }
        return receiver.deadLetter(
                message,
                new DeadLetterOptions().setDeadLetterReason("InvalidMessage").setDeadLetterErrorDescription(reason));
    }

    /** Asks for as much as there is room for. */
    private final class Intake extends BaseSubscriber<ServiceBusReceivedMessage> {
        @Override
        protected void hookOnSubscribe(org.reactivestreams.Subscription upstream) {
            upstream.request(arrived.remainingCapacity());
        }

        @Override
        protected void hookOnNext(ServiceBusReceivedMessage message) {
            locks.hold(message);
            arrived.add(message);
        }

        @Override
        protected void hookOnError(Throwable failure) {
            LOG.error("No more messages come from {}", endpoint, failure);
        }
    }
}
