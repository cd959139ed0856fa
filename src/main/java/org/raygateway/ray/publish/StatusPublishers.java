package org.raygateway.ray.publish;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The publishers of this JVM by name. An actor's constructor arguments travel as data, so it is told a name, and finds
 * the one sender that all actors of its JVM share.
 */
public final class StatusPublishers {
    private static final Map<String, StatusPublisher> BY_NAME = new ConcurrentHashMap<>();

    private StatusPublishers() {}

    /** @throws IllegalStateException where the name is taken */
    public static void register(String name, StatusPublisher publisher) {
        if (BY_NAME.putIfAbsent(name, publisher) != null) {
            throw new IllegalStateException("a status publisher named " + name + " is registered already");
        }
    }

    public static void unregister(String name) {
        BY_NAME.remove(name);
    }

    /** @throws IllegalStateException where nothing was registered under the name in this JVM */
    public static StatusPublisher named(String name) {
        StatusPublisher publisher = BY_NAME.get(name);
        if (publisher == null) {
            throw new IllegalStateException("no status publisher named " + name + " in this JVM");
        }
        return publisher;
    }
}
