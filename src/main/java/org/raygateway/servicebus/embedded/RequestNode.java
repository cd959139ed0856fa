package org.raygateway.servicebus.embedded;

import java.util.Map;
import org.apache.qpid.proton.message.Message;

/** Answers requests on a request/response address such as {@code $cbs} or {@code queue/$management}. */
interface RequestNode {

    /**
     * Answers one request.
     *
     * @throws AmqpException for a refusal; it becomes the response's status
     */
    Response handle(Message request);

    /** @param body the response's value, possibly empty */
    record Response(int status, Map<String, Object> body) {

        static Response ok() {
            return new Response(200, Map.of());
        }

        static Response ok(String name, Object value) {
            return new Response(200, Map.of(name, value));
        }
    }
}
