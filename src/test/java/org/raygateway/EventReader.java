package org.raygateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** Reads one event stream in the background, without a thread of its own. */
public final class EventReader implements AutoCloseable {
    /** @param data what stands in {@code data:}, as it came */
    public record Event(String id, String type, String data) {
        public JsonNode json() {
            return TestHttp.json(data);
        }

        public String status() {
            return json().get("status").asText();
        }
    }

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private final Lines lines = new Lines();
    private final CompletableFuture<HttpResponse<Void>> response;

    private EventReader(HttpRequest request) {
        this.response = TestHttp.CLIENT.sendAsync(request, BodyHandlers.fromLineSubscriber(lines));
    }

    public static EventReader open(URI uri, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new EventReader(request.build());
    }

    public List<Event> events() {
        return events;
    }

    public List<String> ids() {
        return events.stream().map(Event::id).toList();
    }

    public List<String> statuses() {
        return events.stream().map(Event::status).toList();
    }

    public List<String> comments() {
        return comments;
    }

    public boolean hasEnded() {
        return response.isDone();
    }

    /** Waits for the server to end the stream, and returns all events. */
    public List<Event> awaitEnd() {
        return awaitResponse() == null ? List.of() : events;
    }

    public int awaitStatusCode() {
        return awaitResponse().statusCode();
    }

    private HttpResponse<Void> awaitResponse() {
        try {
            return response.get(60, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError("the stream did not end well after " + events.size() + " events", failure);
        }
    }

    @Override
    public void close() {
        lines.cancel();
        response.cancel(true);
    }

    /** Puts events together (WHATWG HTML, 9.2.6) as far as the gateway uses the format. */
    private final class Lines implements Flow.Subscriber<String> {
        private volatile Flow.Subscription subscription;
        private String id;
        private String type;
        private final StringBuilder data = new StringBuilder();

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            if (line.startsWith(":")) {
                comments.add(line);
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.append(line, 6, line.length());
            } else if (line.isEmpty() && data.length() > 0) {
                events.add(new Event(id, type, data.toString()));
                data.setLength(0);
            }
        }

        @Override
        public void onError(Throwable failure) {
            // the response's future tells
        }

        @Override
        public void onComplete() {
            // the response's future tells
        }

        void cancel() {
            if (subscription != null) {
                subscription.cancel();
            }
        }
    }
}
