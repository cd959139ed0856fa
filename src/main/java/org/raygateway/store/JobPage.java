package org.raygateway.store;

import java.util.List;
import org.raygateway.job.Job;
import org.raygateway.job.JobId;

/**
 * A page of jobs, newest first.
 *
 * @param next cursor for {@link JobQuery#before()} to get the next page, or null on the last
 */
public record JobPage(List<Job> jobs, JobId next) {}
