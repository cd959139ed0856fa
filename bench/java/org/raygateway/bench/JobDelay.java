package org.raygateway.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** From sending a post to a subscriber seeing RUNNING and COMPLETED, one job after the other, alone or beside a steady load. */
public final class JobDelay {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int LOAD_CONNECTIONS = 64;
    private static final int TICK_MILLIS = 10;

    /** As a subscriber sees it who opens the job's events when the post is answered. */
    public record Outcome(Samples running, Samples completed) {}

    private final LoadClient client;
    private final Buffer body;
    private final Samples running = new Samples();
    private final Samples completed = new Samples();

    private JobDelay(LoadClient client, Buffer body) {
        this.client = client;
        this.body = body;
    }

    public static Outcome idle(int port, int jobs) throws InterruptedException {
        Buffer body = LoadClient.shortJob();
        return idle(port, jobs, Math.max(20, jobs / 5), body);
    }

    /** Jobs of any kind, after some that only warm up. */
    public static Outcome idle(int port, int jobs, int before, Buffer body) throws InterruptedException {
        try (LoadClient client = new LoadClient(port, 4)) {
            client.await(LIMIT, () -> new JobDelay(client, body).repeat(before));
            JobDelay measured = new JobDelay(client, body);
            return client.await(LIMIT, () -> measured.repeat(jobs));
        }
    }

    /** @param rate posts in a second beside the measured ones, answered or not */
    static Outcome under(int port, int jobs, double rate) throws InterruptedException {
        try (LoadClient load = new LoadClient(port, LOAD_CONNECTIONS)) {
            double[] due = {0};
            Buffer body = LoadClient.shortJob();
            long timer = load.vertx().setPeriodic(TICK_MILLIS, tick -> {
                for (due[0] += rate * TICK_MILLIS / 1000; due[0] >= 1; due[0]--) {
                    load.post("/jobs", body);
                }
            });
            Outcome outcome = idle(port, jobs);
            load.vertx().cancelTimer(timer);
            return outcome;
        }
    }

    private Future<Outcome> repeat(int times) {
        Promise<Outcome> done = Promise.promise();
        next(times, done);
        return done.future();
    }

    private void next(int left, Promise<Outcome> done) {
        if (left == 0) {
            done.complete(new Outcome(running, completed));
            return;
        }
        once().onFailure(done::fail).onSuccess(nothing -> next(left - 1, done));
    }

    private Future<Void> once() {
        long posted = System.nanoTime();
        return client.post("/jobs", body).compose(answer -> {
            if (answer.status() != 202) {
                return Future.failedFuture("a post was answered " + answer.status() + " " + answer.body());
            }
            boolean[] runningSeen = {false};
            return client.follow(answer.body().toJsonObject().getString("job_id"), () -> {}, event -> {
                long now = System.nanoTime();
                String status = event.getString("status");
                if ("RUNNING".equals(status) && !runningSeen[0]) {
                    runningSeen[0] = true;
                    running.add(now - posted);
                } else if ("COMPLETED".equals(status)) {
                    completed.add(now - posted);
                }
            });
        });
    }
}
