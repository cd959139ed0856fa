package org.raygateway.submission;

import java.time.Duration;
import org.raygateway.settings.PropertyReader;

/**
 * How jobs are made durable.
 *
 * @param batchSize jobs in one commit and one send at most
 * @param writers threads that commit and send
 * @param maxWaiting jobs that may wait for a writer
 * @param timeout how long a caller waits
 * @param postsFirst how long a batch of dispatches waits at most while several posts wait
 * @param maxJsonDepth deepest nesting of a post
 */
public record SubmissionSettings(
        int batchSize, int writers, int maxWaiting, Duration timeout, Duration postsFirst, int maxJsonDepth) {
    public static SubmissionSettings from(PropertyReader properties) {
        return new SubmissionSettings(
                properties.integer("gateway.submission.batch-size", 1, 1000),
                properties.integer("gateway.submission.writers", 1, 16),
                properties.integer("gateway.submission.max-waiting", 1, 1_000_000),
                properties.duration("gateway.submission.timeout", Duration.ofSeconds(1), Duration.ofMinutes(5)),
                properties.duration("gateway.dispatch.posts-first", Duration.ZERO, Duration.ofSeconds(10)),
                properties.integer("gateway.http.max-json-depth", 2, 500));
    }
}
