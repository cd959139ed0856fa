package org.raygateway.bench.cluster;

/**
 * How much to measure.
 *
 * @param quick tiny, and not kept
 * @param cpus what Ray's worker offers
 * @param delays pooled jobs one after the other
 * @param pooled pooled jobs posted at once
 * @param dedicated dedicated jobs one after the other
 * @param java dedicated Java jobs posted at once
 * @param python dedicated Python jobs posted at once
 * @param jobsApi jobs by Ray's own Jobs API, and how many of them at once
 */
record Size(
        boolean quick, int cpus, int delays, int pooled, int dedicated, int java, int python, int jobsApi, int atOnce) {

    static Size parse(String[] arguments) {
        boolean quick = false;
        for (String argument : arguments) {
            if (!argument.equals("--quick")) {
                throw new IllegalArgumentException("usage: bench/cluster [--quick], got `" + argument + "`");
            }
            quick = true;
        }
        return quick ? new Size(true, 2, 20, 200, 2, 4, 8, 4, 2) : new Size(false, 2, 200, 2_000, 15, 30, 300, 20, 4);
    }
}
