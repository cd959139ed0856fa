package org.raygateway.ray.driver;

import org.raygateway.driver.v1.Execution.Begun;
import org.raygateway.ray.actor.Assignment;

/**
 * Remembers which executions have begun, beyond the life of this driver where it can: what began may have killed its process and
 * counts, what only waited does not.
 */
interface Beginnings extends AutoCloseable {
    /** What is known of a job's last execution. */
    record Known(int attempt, Begun begun, boolean nothingLater) {
        static final Known NOTHING = new Known(0, Begun.BEGUN_UNSPECIFIED, false);
    }

    /** For a driver that remembers nothing of those before it. */
    Beginnings FORGETFUL = new Beginnings() {
        @Override
        public void begins(Assignment assignment) {}

        @Override
        public void ended(Assignment assignment) {}

        @Override
        public void interrupted(Assignment assignment) {}

        @Override
        public Known of(String job) {
            return Known.NOTHING;
        }

        @Override
        public void close() {}
    };

    /**
     * Called before anything of it can run.
     *
     * @throws IllegalStateException where that cannot be recorded; it must not begin then
     */
    void begins(Assignment assignment);

    /** It has ended, and said so. */
    void ended(Assignment assignment);

    /** This driver stopped it, to stop itself. */
    void interrupted(Assignment assignment);

    Known of(String job);

    @Override
    void close();
}
