package org.raygateway.status;

import com.azure.core.amqp.models.AmqpMessageBodyType;
import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.raygateway.job.JobId;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;
import org.raygateway.servicebus.ReceivedBatch;
import org.raygateway.store.Applied;
import org.raygateway.store.EventOutcome;
import org.raygateway.store.JobStore;

/**
 * Takes status messages into the store, then tells subscribers of those that changed something. What is no status, or speaks of
 * what this gateway did not start, is refused: anybody who may write to the topic could have sent it.
 */
public final class StatusRelay {
    private final JobStore store;
    private final Consumer<List<StatusEvent>> announce;
    private final RefusedStatuses refused;

    public StatusRelay(JobStore store, Consumer<List<StatusEvent>> announce, RefusedStatuses refused) {
        this.store = store;
        this.announce = announce;
        this.refused = refused;
    }

    /** Route step: body a {@link ReceivedBatch}. A message that is refused holds up no other. */
    public void relay(Exchange exchange) {
        ReceivedBatch batch = exchange.getMessage().getBody(ReceivedBatch.class);
        List<ServiceBusReceivedMessage> read = new ArrayList<>(batch.messages().size());
        List<StatusEvent> events = new ArrayList<>(batch.messages().size());
        for (ServiceBusReceivedMessage message : batch.messages()) {
            try {
                events.add(read(message));
                read.add(message);
            } catch (RefusedStatusException invalid) {
                refuse(batch, message, invalid.refusal(), invalid.getMessage());
            }
        }
        if (!events.isEmpty()) {
            Applied applied = store.apply(events);
            announce.accept(applied.effective());
            for (int i = 0; i < read.size(); i++) {
                refuseForeign(batch, read.get(i), applied.outcomes().get(i));
            }
        }
    }

    private void refuseForeign(ReceivedBatch batch, ServiceBusReceivedMessage message, EventOutcome outcome) {
        Refusal.of(outcome)
                .ifPresent(refusal -> refuse(
                        batch,
                        message,
                        refusal,
                        refusal == Refusal.UNKNOWN_JOB
                                ? "the job store has no such job"
                                : "`attempt` must be one that the gateway has dispatched"));
    }

    private void refuse(ReceivedBatch batch, ServiceBusReceivedMessage message, Refusal refusal, String reason) {
        batch.refuse(message, reason);
        refused.count(refusal);
    }

    private static StatusEvent read(ServiceBusReceivedMessage message) throws RefusedStatusException {
        StatusEvent event = parse(message);
        String correlation = message.getCorrelationId();
        if (correlation != null && !JobId.parse(correlation).equals(Optional.of(event.jobId()))) {
            throw new RefusedStatusException(
                    Refusal.MISMATCHED, "the correlation-id must be the job's id, as `job_id` is");
        }
        return event;
    }

    private static StatusEvent parse(ServiceBusReceivedMessage message) throws RefusedStatusException {
        if (message.getRawAmqpMessage().getBody().getBodyType() != AmqpMessageBodyType.DATA) {
            throw new RefusedStatusException(Refusal.INVALID, "the body must be AMQP data, not a value or a sequence");
        }
        try {
            return StatusEventJson.read(message.getBody().toString());
        } catch (IllegalArgumentException invalid) {
            throw new RefusedStatusException(Refusal.INVALID, invalid.getMessage());
        }
    }
}
