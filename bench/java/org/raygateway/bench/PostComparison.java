package org.raygateway.bench;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** (a) the gateway's {@code POST /jobs} against (b) a bare handler, in turns, each while the other is idle. */
final class PostComparison {
    private static final Duration DRAIN = Duration.ofMinutes(10);
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    /**
     * One number of connections.
     *
     * @param gateway accepted jobs in a second, for each round of (a)
     * @param bare the same of (b)
     * @param refused answers of (a) other than 202, by status; 0 stands for none at all
     */
    record Row(
            int connections,
            List<Double> gateway,
            List<Double> bare,
            Samples gatewayLatency,
            Samples bareLatency,
            Map<Integer, Integer> refused) {}

    /** @param jobsEndedPerSecond while nothing was posted */
    record Outcome(List<Row> rows, double jobsEndedPerSecond) {}

    private final Options options;
    private final ServerProcess gateway;
    private final ServerProcess bare;
    private final Jobs jobs;
    private final Buffer body = LoadClient.shortJob();
    private long drained;
    private double drainSeconds;

    PostComparison(Options options, ServerProcess gateway, ServerProcess bare, Jobs jobs) {
        this.options = options;
        this.gateway = gateway;
        this.bare = bare;
        this.jobs = jobs;
    }

    Outcome measure() throws InterruptedException {
        for (int round = 0; round < options.rounds(); round++) {
            post(bare, 32, WARM_UP);
            post(gateway, 32, WARM_UP);
        }
        drained = 0;
        drainSeconds = 0;
        List<Row> rows = new ArrayList<>();
        for (int connections : options.connections()) {
            rows.add(row(connections));
        }
        return new Outcome(rows, drained / drainSeconds);
    }

    private Row row(int connections) throws InterruptedException {
        Row row = new Row(
                connections, new ArrayList<>(), new ArrayList<>(), new Samples(), new Samples(), new TreeMap<>());
        for (int round = 0; round < options.rounds(); round++) {
            PostLoad.Outcome b = post(bare, connections, options.postTime());
            PostLoad.Outcome a = post(gateway, connections, options.postTime());
            row.bare().add(b.acceptedPerSecond());
            row.gateway().add(a.acceptedPerSecond());
            row.bareLatency().addAll(b.latency());
            row.gatewayLatency().addAll(a.latency());
            a.others().forEach((status, count) -> row.refused().merge(status, count, Integer::sum));
        }
        System.err.printf("  %d connections: gateway %s/s, bare %s/s%n", connections, row.gateway(), row.bare());
        return row;
    }

    /** Posts, then waits until the server has nothing left to do, so that the other one has the machine to itself. */
    private PostLoad.Outcome post(ServerProcess server, int connections, Duration time) throws InterruptedException {
        PostLoad.Outcome outcome = PostLoad.run(server.port(), connections, options.maxPosts(), time, body);
        server.requireAlive();
        if (server == bare) {
            try (LoadClient client = new LoadClient(bare.port(), 1)) {
                client.await(DRAIN, () -> client.post("/drain", Buffer.buffer()));
            }
        } else {
            drainSeconds += outcome.seconds() + jobs.awaitAllEnded(DRAIN);
            drained += outcome.ids().size();
        }
        return outcome;
    }
}
