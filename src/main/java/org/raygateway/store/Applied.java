package org.raygateway.store;

import java.util.List;
import org.raygateway.job.StatusEvent;

/**
 * What became of a list of status events.
 *
 * @param effective those that changed their jobs, in order
 * @param outcomes one for each event, in order
 */
public record Applied(List<StatusEvent> effective, List<EventOutcome> outcomes) {}
