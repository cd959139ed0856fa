package org.raygateway.bench;

import com.azure.core.util.BinaryData;
import com.azure.messaging.servicebus.ServiceBusClientBuilder;
import com.azure.messaging.servicebus.ServiceBusMessage;
import com.azure.messaging.servicebus.ServiceBusReceiverClient;
import com.azure.messaging.servicebus.ServiceBusSenderAsyncClient;
import com.azure.messaging.servicebus.models.ServiceBusReceiveMode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.raygateway.servicebus.embedded.EmbeddedServiceBus;
import org.raygateway.servicebus.embedded.EmbeddedServiceBusSettings;

/**
 * What the gateway is held against: a Vert.x handler that sends the message a job becomes with the SDK's async sender and answers 202.
 * The broker is the same, with the same durability, in the same process. There is no schema, no job store, no dispatch.
 */
final class BareServer {
    private static final String QUEUE = "job-submissions";
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final int DRAIN_BATCH = 2_000;

    private final String connectionString;
    private final ServiceBusSenderAsyncClient sender;
    private final Vertx vertx = Vertx.vertx();

    private BareServer(String connectionString) {
        this.connectionString = connectionString;
        this.sender = new ServiceBusClientBuilder()
                .connectionString(connectionString)
                .sender()
                .queueName(QUEUE)
                .buildAsyncClient();
    }

    /** @param arguments port and data directory */
    public static void main(String[] arguments) {
        Path data = Path.of(arguments[1], "servicebus.db");
        EmbeddedServiceBus broker = EmbeddedServiceBus.start(EmbeddedServiceBusSettings.of(
                0, data, "bench", UUID.randomUUID().toString()));
        new BareServer(broker.connectionString()).listen(Integer.parseInt(arguments[0]));
    }

    private void listen(int port) {
        vertx.createHttpServer()
                .requestHandler(request -> {
                    if ("/drain".equals(request.path())) {
                        vertx.executeBlocking(this::drain).onComplete(drained -> request.response()
                                .setStatusCode(drained.succeeded() ? 200 : 500)
                                .end());
                    } else {
                        request.body().onSuccess(body -> accept(request, body));
                    }
                })
                .listen(port, "127.0.0.1");
    }

    private void accept(HttpServerRequest request, Buffer body) {
        Context context = vertx.getOrCreateContext();
        String id = UUID.randomUUID().toString();
        ServiceBusMessage message = message(id, new JsonObject(body));
        sender.sendMessage(message)
                .subscribe(
                        nothing -> {},
                        failure -> context.runOnContext(
                                now -> request.response().setStatusCode(503).end()),
                        () -> context.runOnContext(now -> answer(request, id)));
    }

    /** The gateway's message, member for member. */
    private static ServiceBusMessage message(String id, JsonObject post) {
        String json = new JsonObject()
                .put("job_id", id)
                .put("simulation_type", post.getString("simulation_type"))
                .put("parameters", post.getJsonObject("parameters"))
                .put("requester", "anonymous")
                .put("submitted_at", Instant.now().toString())
                .encode();
        ServiceBusMessage message = new ServiceBusMessage(BinaryData.fromBytes(json.getBytes(StandardCharsets.UTF_8)))
                .setMessageId(id)
                .setCorrelationId(id)
                .setContentType("application/json");
        message.getApplicationProperties().put("traceparent", TRACEPARENT);
        return message;
    }

    private static void answer(HttpServerRequest request, String id) {
        request.response()
                .setStatusCode(202)
                .putHeader("Content-Type", "application/json")
                .putHeader("Location", "/jobs/" + id)
                .end(
                        "{\"job_id\":\"" + id
                                + "\",\"status\":\"SUBMITTED\",\"message\":\"Job has been accepted and is pending execution.\"}");
    }

    /** Empties the queue between measurements: nobody else takes from it, and the broker's memory is bounded. */
    private Void drain() {
        try (ServiceBusReceiverClient receiver = new ServiceBusClientBuilder()
                .connectionString(connectionString)
                .receiver()
                .queueName(QUEUE)
                .receiveMode(ServiceBusReceiveMode.RECEIVE_AND_DELETE)
                .buildClient()) {
            long received;
            do {
                received = receiver.receiveMessages(DRAIN_BATCH, Duration.ofSeconds(1)).stream()
                        .count();
            } while (received > 0);
        }
        return null;
    }
}
