package org.raygateway.dispatch;

import java.util.List;

/** Takes the next jobs of a lane out of the store. */
@FunctionalInterface
interface LaneSource {
    Claimed next(String lane, int limit);

    /**
     * @param attempts what is to be started
     * @param jobs how many jobs left the lane, some of which may have ended instead
     */
    record Claimed(List<Attempt> attempts, int jobs) {}
}
