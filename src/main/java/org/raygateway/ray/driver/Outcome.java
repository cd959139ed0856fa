package org.raygateway.ray.driver;

import java.util.Optional;
import org.raygateway.job.StatusEvent;
import org.raygateway.ray.driver.EndedExecutions.Ended;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a returned call means.
 *
 * @param remembered what the driver will tell of the execution
 * @param lastWordOrNull what is to be published because the actor did not
 * @param actorDied whether the actor is of no further use
 */
record Outcome(Ended remembered, StatusEvent lastWordOrNull, boolean actorDied) {
    private static final Logger LOG = LoggerFactory.getLogger(Outcome.class);

    static Outcome of(Run run) {
        int attempt = run.assignment.attempt();
        try {
            Optional<String> terminal = run.call.outcome();
            return terminal.isPresent()
                    ? new Outcome(Ended.with(attempt, terminal.get()), null, false)
                    : said(LastWords.forced(run), false);
        } catch (ActorLostException lost) {
            LOG.warn(
                    "The process of the actor of job {} attempt {} died: {}",
                    run.assignment.job(),
                    attempt,
                    lost.getCause().toString());
            return run.cancelRequested
                    ? said(LastWords.forced(run), true)
                    : new Outcome(Ended.lost(attempt, "the process of its actor died"), null, true);
        } catch (RuntimeException failure) {
            LOG.warn("The actor of job {} attempt {} failed", run.assignment.job(), attempt, failure);
            return said(LastWords.failed(run.assignment, failure), true);
        }
    }

    private static Outcome said(StatusEvent lastWord, boolean actorDied) {
        return new Outcome(Ended.with(lastWord), lastWord, actorDied);
    }
}
