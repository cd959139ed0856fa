package org.raygateway.servicebus.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.raygateway.servicebus.embedded.ManagementNode.Operation;
import org.raygateway.servicebus.embedded.RequestNode.Response;

/** Messages that appear later: schedule and cancel. */
final class ScheduleOperations {

    private final BrokerContext context;
    private final Entity entity;

    ScheduleOperations(BrokerContext context, Entity entity) {
        this.context = context;
        this.entity = entity;
    }

    Map<String, Operation> byName() {
        return Map.of("schedule-message", this::schedule, "cancel-scheduled-message", this::cancel);
    }

    private Response schedule(OperationArguments arguments) {
        List<MessageContent> messages = new ArrayList<>();
        for (byte[] raw : arguments.messages("messages")) {
            messages.add(SentMessages.read(context.codec, raw));
        }
        // Boxed, as the engine cannot encode a long[] inside a map.
        return Response.ok("sequence-numbers", entity.schedule(messages).toArray(Long[]::new));
    }

    private Response cancel(OperationArguments arguments) {
        entity.cancelScheduled(arguments.numbers("sequence-numbers"));
        return Response.ok();
    }
}
