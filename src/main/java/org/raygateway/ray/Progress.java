package org.raygateway.ray;

import java.util.concurrent.CancellationException;

/** The way out of a running computation: how far it is, and whether it should go on. Safe to use from any thread. */
public interface Progress {
    /**
     * Says how far the job is. May be called as often as is convenient: reports are thinned out before they are published,
     * and one that goes back is ignored.
     *
     * @param percent of the work done; taken as 0-99, since 100 comes with the result
     * @param message one line for a person, or null
     */
    void report(int percent, String message);

    /** Whether the job was cancelled or ran out of time: stop soon, the result is not wanted any more. */
    boolean cancelled();

    /**
     * Leaves the computation once it is {@link #cancelled()}.
     *
     * @throws CancellationException to be let through
     */
    default void throwIfCancelled() {
        if (cancelled()) {
            throw new CancellationException("the job should stop");
        }
    }
}
