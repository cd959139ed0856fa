package org.raygateway.problem;

import java.util.Map;

/**
 * What a caller is told when a request fails: an RFC 9457 problem, before it becomes JSON.
 *
 * @param status HTTP status code
 * @param title short, the same for every problem of its kind
 * @param detail what was expected, what came, what to do
 * @param extensions further members of the JSON object, such as {@code errors}
 * @param headers response headers that belong to it, such as {@code Retry-After} or {@code Allow}
 */
public record Problem(
        int status, String title, String detail, Map<String, Object> extensions, Map<String, String> headers) {

    public static Problem of(int status, String title, String detail) {
        return new Problem(status, title, detail, Map.of(), Map.of());
    }

    public Problem with(String member, Object value) {
        var more = new java.util.LinkedHashMap<>(extensions);
        more.put(member, value);
        return new Problem(status, title, detail, more, headers);
    }

    public Problem withHeader(String name, String value) {
        var more = new java.util.LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(status, title, detail, extensions, more);
    }
}
