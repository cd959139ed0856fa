package org.raygateway.dispatch;

import org.raygateway.driver.v1.Execution;
import org.raygateway.job.Job;
import org.raygateway.store.Fate;
import org.raygateway.store.Loss;

/** Reads what the driver says of an attempt that it does not run. */
final class Fates {
    private Fates() {}

    /** @param execution of the job, in state UNKNOWN or ended unheard */
    static Loss loss(Job job, Execution execution) {
        return new Loss(job.id(), job.attempt(), of(job.attempt(), execution));
    }

    private static Fate of(int attempt, Execution execution) {
        if (execution.getAttempt() == attempt) {
            return switch (execution.getBegun()) {
                case BEGAN -> Fate.BEGUN;
                case NEVER_BEGAN -> Fate.NOT_BEGUN;
                case INTERRUPTED -> Fate.INTERRUPTED;
                default -> Fate.UNCLEAR;
            };
        }
        boolean surelyNot = execution.getNothingLater() && execution.getAttempt() < attempt;
        return surelyNot ? Fate.NOT_BEGUN : Fate.UNCLEAR;
    }
}
