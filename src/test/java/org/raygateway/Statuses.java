package org.raygateway;

import java.time.Instant;
import org.raygateway.job.JobId;
import org.raygateway.job.JobStatus;
import org.raygateway.job.StatusEvent;
import org.raygateway.job.StatusEventJson;

/** Status messages as actors write them. */
public final class Statuses {
    private Statuses() {}

    public static String running(String job, int attempt, long sequence, int progress) {
        return of(job, JobStatus.RUNNING, progress, attempt, sequence, null, null);
    }

    public static String completed(String job, int attempt, long sequence) {
        return of(job, JobStatus.COMPLETED, 100, attempt, sequence, null, "{\"estimate\":3.14}");
    }

    public static String failed(String job, int attempt, long sequence, String message) {
        return of(job, JobStatus.FAILED, StatusEvent.NO_PROGRESS, attempt, sequence, message, null);
    }

    public static String of(
            String job, JobStatus status, int progress, int attempt, long sequence, String message, String result) {
        return StatusEventJson.write(
                new StatusEvent(JobId.of(job), status, progress, attempt, sequence, message, result, Instant.now()));
    }
}
