package org.raygateway.ray.driver;

import java.util.Locale;

/** Where Ray runs. */
public enum RayMode {
    /** Inside this JVM: for laptops and tests. Java computations only. */
    LOCAL,
    /** In a cluster that this JVM joins as a driver. */
    CLUSTER;

    /** The word used in properties: {@code local}, {@code cluster}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
