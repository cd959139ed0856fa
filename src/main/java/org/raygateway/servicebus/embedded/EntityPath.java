package org.raygateway.servicebus.embedded;

import java.util.Locale;

/** Entity addresses as clients write them, brought to one form: no scheme or host, lower case, no outer slashes. */
final class EntityPath {

    static final String MANAGEMENT_SUFFIX = "/$management";
    static final String DEAD_LETTER_SUFFIX = "/$deadletterqueue";

    private EntityPath() {}

    /** {@code amqps://host/Queue/} becomes {@code queue}; null becomes the empty path of the namespace itself. */
    static String of(String address) {
        if (address == null) {
            return "";
        }
        String path = address;
        int scheme = path.indexOf("://");
        if (scheme >= 0) {
            int slash = path.indexOf('/', scheme + 3);
            path = slash < 0 ? "" : path.substring(slash);
        }
        int start = 0;
        int end = path.length();
        while (start < end && path.charAt(start) == '/') {
            start++;
        }
        while (end > start && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(start, end).toLowerCase(Locale.ROOT);
    }

    /** The entity of a path that may be that of its {@code $management}. */
    static String withoutManagement(String path) {
        return path.endsWith(MANAGEMENT_SUFFIX) ? path.substring(0, path.length() - MANAGEMENT_SUFFIX.length()) : path;
    }

    static String subscription(String topic, String subscription) {
        return of(topic) + "/subscriptions/" + of(subscription);
    }

    /** True when the path is the scope or lies below it. */
    static boolean covers(String scope, String path) {
        return scope.isEmpty() || path.equals(scope) || path.startsWith(scope + "/");
    }
}
