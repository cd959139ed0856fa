package org.raygateway.dispatch;

import org.raygateway.catalogue.Computation;
import org.raygateway.job.Job;

/** A job on its way to Ray: claimed under the number of its attempt. */
public record Attempt(Job job, Computation computation) {}
