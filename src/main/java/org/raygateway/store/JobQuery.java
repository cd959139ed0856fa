package org.raygateway.store;

import java.time.Instant;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;

/**
 * Which jobs to list. A null member does not filter.
 *
 * @param submittedFrom inclusive
 * @param submittedTo exclusive
 * @param before cursor: only jobs whose id is smaller than this one, in the order of the list (newest first)
 * @param limit page size, positive
 */
public record JobQuery(
        JobStatus status, String simulationType, Instant submittedFrom, Instant submittedTo, JobId before, int limit) {}
