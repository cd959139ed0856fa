package org.raygateway.ray.driver;

import java.util.function.Function;
import org.raygateway.driver.v1.Computation;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.Execution.State;

/** What the driver tells of an execution. */
final class Descriptions {
    private Descriptions() {}

    /** @param waitsFor what keeps it from running */
    static Execution live(Run run, Function<Computation, String> waitsFor) {
        return Execution.newBuilder()
                .setJobId(run.assignment.job())
                .setAttempt(run.assignment.attempt())
                .setState(run.state == Run.State.RUNNING ? State.RUNNING : State.WAITING)
                .setReason(run.state == Run.State.RUNNING ? "" : waitsFor.apply(run.computation))
                .build();
    }

    /** @param known beyond what this driver has seen itself */
    static Execution ended(String job, EndedExecutions.Ended endedOrNull, Beginnings.Known known) {
        Execution.Builder execution = Execution.newBuilder().setJobId(job);
        if (endedOrNull == null) {
            return execution
                    .setState(State.UNKNOWN)
                    .setAttempt(known.attempt())
                    .setBegun(known.begun())
                    .setNothingLater(known.nothingLater())
                    .build();
        }
        execution.setAttempt(endedOrNull.attempt());
        if (endedOrNull.statusJson().isEmpty()) {
            return execution
                    .setState(State.UNKNOWN)
                    .setReason(endedOrNull.reason())
                    .setBegun(endedOrNull.begun())
                    .build();
        }
        return execution
                .setState(State.ENDED)
                .setStatusJson(endedOrNull.statusJson())
                .build();
    }
}
