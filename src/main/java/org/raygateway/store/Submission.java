package org.raygateway.store;

import org.raygateway.job.Job;

/**
 * A job to be admitted.
 *
 * @param job SUBMITTED, attempt 0
 * @param idempotencyKey the caller's key, or null
 * @param requestHash hash of what was asked for (type and parameters as the caller sent them); compared where the key is known
 */
public record Submission(Job job, String idempotencyKey, String requestHash) {}
