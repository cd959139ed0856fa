package org.raygateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.raygateway.job.EventPosition;

/**
 * Follows one job's event stream to its terminal event. A stream that breaks, ends early or falls silent is opened again after the last
 * event seen, as long as patience lasts; what was already seen is not given out twice.
 */
final class JobFollower {
    /** Three missed heartbeats of 15 s. */
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private static final int EVENT_LIMIT = 8 << 20;

    private final GatewayClient client;
    private final String jobId;
    private final Consumer<JsonNode> listener;
    private final Reconnects reconnects;
    private Optional<String> lastEventId = Optional.empty();
    private EventPosition position = EventPosition.START;
    private JsonNode last = MissingNode.getInstance();

    JobFollower(GatewayClient client, String jobId, Consumer<JsonNode> listener, Reconnects reconnects) {
        this.client = client;
        this.jobId = jobId;
        this.listener = listener;
        this.reconnects = reconnects;
    }

    /**
     * Blocks until the job has ended and returns what was last said of it: an object with at least {@code status}.
     *
     * @throws RefusedException where the gateway does not know the job
     * @throws UnreachableException where the gateway was away for too long
     */
    JsonNode follow() throws InterruptedException {
        return patiently(this::followOnce);
    }

    /** The result of a job that has completed. The gateway may go away between the end and this. */
    JsonNode result() throws InterruptedException {
        return patiently(() -> Optional.of(client.result(jobId)));
    }

    private interface Try {
        Optional<JsonNode> once() throws InterruptedException;
    }

    private JsonNode patiently(Try what) throws InterruptedException {
        while (true) {
            try {
                Optional<JsonNode> answer = what.once();
                if (answer.isPresent()) {
                    return answer.get();
                }
                reconnects.pause(new UnreachableException("the gateway ended the stream before the job"));
            } catch (UnreachableException broken) {
                reconnects.pause(broken);
            } catch (RefusedException refused) {
                if (!refused.isTransient()) {
                    throw refused;
                }
                reconnects.pause(refused, refused.retryAfter());
            }
        }
    }

    /** One stream from opening to its end; empty where it ended before the job did. */
    private Optional<JsonNode> followOnce() throws InterruptedException {
        Optional<ByteStream> opened = client.events(jobId, lastEventId);
        if (opened.isEmpty()) {
            return Optional.of(client.job(jobId)).filter(JobFollower::isTerminal);
        }
        SseParser parser = new SseParser(EVENT_LIMIT);
        try (ByteStream stream = opened.get()) {
            for (var bytes = stream.next(SILENCE); bytes.isPresent(); bytes = stream.next(SILENCE)) {
                List<SseEvent> events = new ArrayList<>();
                bytes.get().forEach(buffer -> events.addAll(parser.feed(buffer)));
                for (SseEvent event : events) {
                    accept(event);
                    if (isTerminal(last)) {
                        return Optional.of(last);
                    }
                }
                if (events.isEmpty()) {
                    reconnects.connected();
                    showWhatItWaitsFor();
                }
            }
        }
        return Optional.empty();
    }

    /** At a heartbeat: that a job waits, and what for, is no event, but the job says so. */
    private void showWhatItWaitsFor() throws InterruptedException {
        if (isDispatched(last)) {
            JsonNode job = client.job(jobId);
            if (isDispatched(job)) {
                listener.accept(job);
            }
        }
    }

    private void accept(SseEvent event) {
        last = parse(event);
        EventPosition place = EventPosition.parse(event.id()).orElse(null);
        if (place == null || place.isAfter(position)) {
            reconnects.connected();
            listener.accept(last);
        }
        if (place != null && place.isAfter(position)) {
            position = place;
            lastEventId = Optional.of(event.id());
        }
    }

    private static JsonNode parse(SseEvent event) {
        try {
            return Json.MAPPER.readTree(event.data());
        } catch (JsonProcessingException malformed) {
            throw new UnreachableException("expected JSON in an event's data, got something else", malformed);
        }
    }

    private static boolean isDispatched(JsonNode status) {
        return status.path("status").asText().equals("DISPATCHED");
    }

    private static boolean isTerminal(JsonNode status) {
        return switch (status.path("status").asText()) {
            case "COMPLETED", "FAILED", "CANCELLED" -> true;
            default -> false;
        };
    }
}
