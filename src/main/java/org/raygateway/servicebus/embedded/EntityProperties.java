package org.raygateway.servicebus.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The {@code Properties} of queues, topics and subscriptions. Defaults and bounds are those of Azure. */
final class EntityProperties {

    private static final Duration MAX_LOCK = Duration.ofMinutes(5);
    private static final Duration MIN_WINDOW = Duration.ofSeconds(1);
    private static final Duration MAX_WINDOW = Duration.ofDays(7);
    private static final Duration UNLIMITED = Duration.ofDays(10_000);

    private static final String LOCK = "LockDuration";
    private static final String TIME_TO_LIVE = "DefaultMessageTimeToLive";
    private static final String WINDOW = "DuplicateDetectionHistoryTimeWindow";
    private static final String DETECTION = "RequiresDuplicateDetection";
    private static final String DELIVERIES = "MaxDeliveryCount";
    private static final String ON_EXPIRATION = "DeadLetteringOnMessageExpiration";
    private static final String SESSION = "RequiresSession";
    private static final String FORWARD = "ForwardTo";
    private static final String FORWARD_DEAD = "ForwardDeadLetteredMessagesTo";

    private static final Set<String> OF_QUEUE =
            Set.of(LOCK, TIME_TO_LIVE, WINDOW, DETECTION, DELIVERIES, ON_EXPIRATION, SESSION, FORWARD, FORWARD_DEAD);
    private static final Set<String> OF_TOPIC = Set.of(TIME_TO_LIVE, WINDOW, DETECTION);
    private static final Set<String> OF_SUBSCRIPTION =
            Set.of(LOCK, TIME_TO_LIVE, DELIVERIES, ON_EXPIRATION, SESSION, FORWARD, FORWARD_DEAD);

    private final List<String> errors;

    EntityProperties(List<String> errors) {
        this.errors = errors;
    }

    QueueSettings queue(String where, JsonNode properties) {
        checkNames(where, properties, OF_QUEUE);
        refuseUnsupported(where, properties);
        return settings(where, properties, duplicateWindow(where, properties));
    }

    QueueSettings topic(String where, JsonNode properties) {
        checkNames(where, properties, OF_TOPIC);
        return settings(where, properties, duplicateWindow(where, properties));
    }

    QueueSettings subscription(String where, JsonNode properties, QueueSettings topic) {
        checkNames(where, properties, OF_SUBSCRIPTION);
        refuseUnsupported(where, properties);
        QueueSettings own = settings(where, properties, 0);
        long timeToLive = Math.min(own.timeToLiveMillis(), topic.timeToLiveMillis());
        return new QueueSettings(own.lockMillis(), timeToLive, own.maxDeliveryCount(), 0, own.deadLetterOnExpiration());
    }

    private QueueSettings settings(String where, JsonNode properties, long window) {
        long lock = duration(where, properties, LOCK, Duration.ofMinutes(1), Duration.ofMillis(100), MAX_LOCK);
        long timeToLive = duration(where, properties, TIME_TO_LIVE, UNLIMITED, Duration.ofMillis(1), null);
        return new QueueSettings(
                lock,
                timeToLive >= UNLIMITED.toMillis() ? Long.MAX_VALUE : timeToLive,
                maxDeliveryCount(where, properties),
                window,
                flag(where, properties, ON_EXPIRATION));
    }

    private long duplicateWindow(String where, JsonNode properties) {
        long window = duration(where, properties, WINDOW, Duration.ofMinutes(10), MIN_WINDOW, MAX_WINDOW);
        return flag(where, properties, DETECTION) ? window : 0;
    }

    private int maxDeliveryCount(String where, JsonNode properties) {
        JsonNode node = properties.path(DELIVERIES);
        if (absent(node)) {
            return 10;
        }
        if (!node.isInt() || node.intValue() < 1 || node.intValue() > 2000) {
            errors.add(where + ": " + DELIVERIES + " must be 1 to 2000, got " + node);
            return 10;
        }
        return node.intValue();
    }

    private boolean flag(String where, JsonNode properties, String name) {
        JsonNode node = properties.path(name);
        if (!absent(node) && !node.isBoolean()) {
            errors.add(where + ": " + name + " must be true or false, got " + node);
        }
        return node.asBoolean(false);
    }

    private long duration(
            String where, JsonNode properties, String name, Duration fallback, Duration min, Duration max) {
        JsonNode node = properties.path(name);
        if (absent(node)) {
            return fallback.toMillis();
        }
        try {
            Duration value = Duration.parse(node.asText());
            if (value.compareTo(min) >= 0 && (max == null || value.compareTo(max) <= 0)) {
                return value.compareTo(UNLIMITED) > 0 ? UNLIMITED.toMillis() : value.toMillis();
            }
            errors.add(where + ": " + name + " must be " + min + (max == null ? " or more" : " to " + max) + ", got "
                    + value);
        } catch (DateTimeException e) {
            errors.add(where + ": " + name + " must be an ISO 8601 duration such as PT1M, got " + node);
        }
        return fallback.toMillis();
    }

    private void refuseUnsupported(String where, JsonNode properties) {
        if (flag(where, properties, SESSION)) {
            errors.add(where + ": " + SESSION + " is not supported by the embedded broker; leave it out or false");
        }
        for (String name : List.of(FORWARD, FORWARD_DEAD)) {
            if (!properties.path(name).asText("").isEmpty()) {
                errors.add(where + ": " + name + " is not supported by the embedded broker; leave it out or empty");
            }
        }
    }

    private void checkNames(String where, JsonNode properties, Set<String> known) {
        if (!absent(properties) && !properties.isObject()) {
            errors.add(where + ": Properties must be an object");
        }
        properties.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                errors.add(where + ": unknown property '" + name + "'");
            }
        });
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }
}
