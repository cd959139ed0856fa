package org.raygateway.ray.publish;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The publishers of this JVM by name. An actor's constructor arguments travel as data, so it is told a name, and finds
 * the one sender that all actors of its JVM share.
 */
public final class StatusPublishers {
    /** The publisher that a JVM of its own, such as a Ray worker, makes from its environment on first use. */
    public static final String OF_ENVIRONMENT = "environment";

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
        StatusPublisher publisher = name.equals(OF_ENVIRONMENT) ? ofEnvironment() : BY_NAME.get(name);
        if (publisher == null) {
            throw new IllegalStateException("no status publisher named " + name + " in this JVM");
        }
        return publisher;
    }

    /** @throws IllegalArgumentException where the environment does not say where to publish */
    private static StatusPublisher ofEnvironment() {
        return BY_NAME.computeIfAbsent(
                OF_ENVIRONMENT,
                name -> new ServiceBusStatusPublisher(ServiceBusSettings.fromEnvironment(System.getenv())));
    }
}
