package org.raygateway.catalogue;

/**
 * What one execution takes up on a Ray node.
 *
 * @param cpus cores, not negative, fractions allowed
 * @param gpus devices, not negative, fractions allowed
 * @param memory bytes, positive
 */
public record Resources(double cpus, double gpus, long memory) {
    static final Resources DEFAULT = new Resources(1, 0, 512L << 20);
}
