package org.raygateway.status;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.raygateway.job.EventPosition;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;

/**
 * An event as server-sent bytes (WHATWG HTML, "Server-sent events"), encoded once for all subscribers.
 *
 * @param last whether no event follows
 */
record EventFrame(EventPosition position, boolean last, Buffer bytes) {
    static final Buffer HEARTBEAT = Buffer.buffer(": heartbeat\n\n");

    static EventFrame of(StatusEvent event) {
        String frame = "id: " + event.position() + "\nevent: status\ndata: " + StatusEventJson.write(event) + "\n\n";
        return new EventFrame(
                event.position(), event.status().isTerminal(), Buffer.buffer(frame.getBytes(StandardCharsets.UTF_8)));
    }
}
