package org.raygateway.status;

import com.azure.messaging.servicebus.ServiceBusReceivedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;
import org.raygateway.servicebus.ReceivedBatch;
import org.raygateway.store.JobStore;

/** Takes status messages into the store, then tells subscribers of those that changed something. */
public final class StatusRelay {
    private final JobStore store;
    private final Consumer<List<StatusEvent>> announce;

    public StatusRelay(JobStore store, Consumer<List<StatusEvent>> announce) {
        this.store = store;
        this.announce = announce;
    }

    /** Route step: body a {@link ReceivedBatch}. A message that is none of ours is refused, the others go on. */
    public void relay(Exchange exchange) {
        ReceivedBatch batch = exchange.getMessage().getBody(ReceivedBatch.class);
        List<StatusEvent> events = new ArrayList<>(batch.messages().size());
        for (ServiceBusReceivedMessage message : batch.messages()) {
            try {
                events.add(read(message));
            } catch (IllegalArgumentException invalid) {
                batch.refuse(message, invalid.getMessage());
            }
        }
        if (!events.isEmpty()) {
            announce.accept(store.apply(events).effective());
        }
    }

    /** SUBMITTED and DISPATCHED are the gateway's own to say: a job set back to them would be looked after by nobody. */
    private static StatusEvent read(ServiceBusReceivedMessage message) {
        StatusEvent event = StatusEventJson.read(message.getBody().toString());
        if (event.status() == JobStatus.SUBMITTED || event.status() == JobStatus.DISPATCHED) {
            throw new IllegalArgumentException(
                    "`status` must be RUNNING, COMPLETED, FAILED or CANCELLED, got " + event.status());
        }
        return event;
    }
}
