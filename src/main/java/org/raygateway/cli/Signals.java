package org.raygateway.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stops in order on SIGINT and SIGTERM. A shutdown hook would not do: hooks of all libraries run at the same time, so that Ray and
 * the log would go away underneath the drain. {@code sun.misc.Signal} is reached by reflection, since the compiler warns about it and
 * some JVMs lack it; where it is missing a hook has to serve.
 */
final class Signals {
    /** Within the promise of 20 s from signal to end. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(19);

    private static final Map<String, Integer> CODES = Map.of("INT", 130, "TERM", 143);

    private Signals() {}

    /** Runs the action once, at the first signal; a second signal, or the time limit, ends the JVM without waiting for it. */
    static void onStop(Runnable action) {
        AtomicBoolean stopping = new AtomicBoolean();
        try {
            for (String name : CODES.keySet()) {
                handle(name, () -> stop(action, stopping, CODES.get(name)));
            }
        } catch (ReflectiveOperationException | RuntimeException notOnThisJvm) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(action, stopping, CODES.get("TERM"))));
        }
    }

    private static void stop(Runnable action, AtomicBoolean stopping, int code) {
        if (!stopping.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(code);
        }
        Exit.haltAfter(STOP_LIMIT, code);
        action.run();
    }

    private static void handle(String name, Runnable action) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        InvocationHandler invocation = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                action.run();
                yield null;
            }
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> "stop on SIG" + name;
        };
        Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, invocation);
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    }
}
