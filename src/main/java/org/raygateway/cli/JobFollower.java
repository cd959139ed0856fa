package org.raygateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.raygateway.job.EventPosition;

/**
 * Follows one job's event stream to its terminal event. A stream that breaks, ends early or falls silent is opened again after the last
 * event seen, with growing pauses; what was already seen is not given out twice.
 */
final class JobFollower {
    /** Three missed heartbeats of 15 s. */
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private static final int EVENT_LIMIT = 8 << 20;

    private final GatewayClient client;
    private final String jobId;
    private final Consumer<JsonNode> listener;
    private final Backoff backoff;
    private Optional<String> lastEventId = Optional.empty();
    private EventPosition position = EventPosition.START;
    private JsonNode last = MissingNode.getInstance();

    JobFollower(GatewayClient client, String jobId, Consumer<JsonNode> listener) {
        this(client, jobId, listener, new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5), 10));
    }

    JobFollower(GatewayClient client, String jobId, Consumer<JsonNode> listener, Backoff backoff) {
        this.client = client;
        this.jobId = jobId;
        this.listener = listener;
        this.backoff = backoff;
    }

    /**
     * Blocks until the job has ended and returns what was last said of it: an object with at least {@code status}.
     *
     * @throws RefusedException where the gateway does not know the job
     * @throws UnreachableException after several attempts in a row without any event
     */
    JsonNode follow() throws InterruptedException {
        while (true) {
            try {
                Optional<JsonNode> end = followOnce();
                if (end.isPresent()) {
                    return end.get();
                }
                backoff.pause(new UnreachableException("the gateway keeps ending the stream of a running job"));
            } catch (UnreachableException broken) {
                backoff.pause(broken);
            } catch (RefusedException refused) {
                if (!refused.isTransient()) {
                    throw refused;
                }
                backoff.pause(refused, refused.retryAfter());
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
            listener.accept(last);
            backoff.reset();
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

    /** Pauses that double up to a longest one, and give up after so many in a row. */
    static final class Backoff {
        private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(60);

        private final Duration first;
        private final Duration longest;
        private final int attempts;
        private int failures;

        Backoff(Duration first, Duration longest, int attempts) {
            this.first = first;
            this.longest = longest;
            this.attempts = attempts;
        }

        void reset() {
            failures = 0;
        }

        void pause(RuntimeException cause) throws InterruptedException {
            pause(cause, Optional.empty());
        }

        /** Waits before the next attempt, or gives up with the cause. */
        void pause(RuntimeException cause, Optional<Duration> asked) throws InterruptedException {
            failures++;
            if (failures >= attempts) {
                throw cause;
            }
            Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, 20));
            Duration own = doubled.compareTo(longest) < 0 ? doubled : longest;
            Duration wait = asked.filter(time -> time.compareTo(LONGEST_RETRY_AFTER) <= 0)
                    .orElse(own);
            TimeUnit.MILLISECONDS.sleep(wait.toMillis());
        }
    }
}
