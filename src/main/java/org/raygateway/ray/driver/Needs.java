package org.raygateway.ray.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.raygateway.driver.v1.Computation;

/** What a computation's actor needs of a node. */
final class Needs {
    private static final long MEBIBYTE = 1 << 20;

    private Needs() {}

    /** @param resources all that a node has, by Ray's names */
    static boolean fit(Computation computation, Map<String, Double> resources) {
        return computation.getCpus() <= resources.getOrDefault("CPU", 0.0)
                && computation.getGpus() <= resources.getOrDefault("GPU", 0.0)
                && computation.getMemoryBytes() <= resources.getOrDefault("memory", 0.0);
    }

    /** Such as {@code 2 CPUs and 512 MiB of memory}. */
    static String text(Computation computation) {
        List<String> parts = new ArrayList<>();
        add(parts, computation.getCpus(), "CPU");
        add(parts, computation.getGpus(), "GPU");
        if (computation.getMemoryBytes() > 0) {
            parts.add(computation.getMemoryBytes() / MEBIBYTE + " MiB of memory");
        }
        return parts.isEmpty() ? "room" : String.join(" and ", parts);
    }

    private static void add(List<String> parts, double amount, String unit) {
        if (amount > 0) {
            String number = amount == Math.rint(amount) ? Long.toString((long) amount) : Double.toString(amount);
            parts.add(number + " " + unit + (amount == 1 ? "" : "s"));
        }
    }
}
