package org.raygateway.dispatch;

import org.raygateway.catalogue.Computation;
import org.raygateway.job.Job;

/** A job on its way to Ray: claimed under a new attempt number. */
public record Attempt(Job job, Computation computation) {}
