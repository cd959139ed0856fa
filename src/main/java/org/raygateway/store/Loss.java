package org.raygateway.store;

import org.raygateway.job.JobId;

/** An attempt that runs no more and has no terminal event. */
public record Loss(JobId job, int attempt, Fate fate) {}
