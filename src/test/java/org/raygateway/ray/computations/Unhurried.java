package org.raygateway.ray.computations;

import java.util.ArrayList;
import java.util.List;
import org.raygateway.ray.Progress;

/** Progress for tests: remembers the reports, and is cancelled after a number of looks. */
final class Unhurried implements Progress {
    final List<Integer> reports = new ArrayList<>();
    private int looksLeft;

    Unhurried() {
        this(Integer.MAX_VALUE);
    }

    Unhurried(int looksBeforeCancel) {
        this.looksLeft = looksBeforeCancel;
    }

    @Override
    public void report(int percent, String message) {
        reports.add(percent);
    }

    @Override
    public boolean cancelled() {
        return looksLeft-- <= 0;
    }
}
