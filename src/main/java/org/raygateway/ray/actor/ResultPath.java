package org.raygateway.ray.actor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;
import org.raygateway.ray.ComputationException;

/** Where in a result its writer is: the way there, and the containers that are open. */
final class ResultPath {
    private static final int LONGEST = 200;
    private static final int SHOWN_AT_EACH_END = 98;

    private final int mostLevels;
    private final Deque<Object> steps = new ArrayDeque<>();
    private final Deque<Object> open = new ArrayDeque<>();

    ResultPath(int mostLevels) {
        this.mostLevels = mostLevels;
    }

    /** @throws ComputationException where the container holds itself, or lies too deep */
    void open(Object container) {
        if (open.stream().anyMatch(outer -> outer == container)) {
            throw refusal("it holds itself");
        }
        if (open.size() == mostLevels) {
            throw refusal("more than " + mostLevels + " levels");
        }
        open.addLast(container);
    }

    void close() {
        open.removeLast();
    }

    void enter(Object step) {
        steps.addLast(step);
    }

    void leave() {
        steps.removeLast();
    }

    /** Says the reason with the path as a JSON pointer (RFC 6901). */
    ComputationException refusal(String reason) {
        String pointer = steps.stream()
                .map(step -> "/" + step.toString().replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
        if (pointer.length() > LONGEST) {
            pointer = pointer.substring(0, SHOWN_AT_EACH_END)
                    + "..."
                    + pointer.substring(pointer.length() - SHOWN_AT_EACH_END);
        }
        return new ComputationException((pointer.isEmpty() ? "result" : "result at " + pointer) + ": " + reason);
    }
}
