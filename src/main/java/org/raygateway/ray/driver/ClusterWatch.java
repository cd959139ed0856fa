package org.raygateway.ray.driver;

import io.ray.api.Ray;
import io.ray.api.id.UniqueId;
import io.ray.api.runtimecontext.NodeInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.raygateway.driver.v1.Computation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the cluster that this JVM joined. Ray itself says nothing when its head or the node beside the driver is gone: calls
 * hang or fail, some end the JVM. A native call may hang too, so this looks by connecting first, and asks Ray on a thread whose
 * silence is noticed.
 */
final class ClusterWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
    private static final long PERIOD_MS = 1_000;
    private static final int CONNECT_PATIENCE_MS = 500;
    private static final int LOST_AFTER = 3;
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final RayClusterSettings settings;
    private final Runnable whenLost;
    private final UniqueId ownNode;
    private final InetSocketAddress ownNodeManager;
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(Threads.named("ray-look"));
    private final ScheduledExecutorService asking =
            Executors.newSingleThreadScheduledExecutor(Threads.named("ray-ask"));
    private volatile List<NodeInfo> nodes;
    private volatile long askedNanos = System.nanoTime();
    private volatile String whyNot = "";
    private int missed;

    /** @param whenLost is run once when the cluster that was joined is gone */
    ClusterWatch(RayClusterSettings settings, Runnable whenLost) {
        this.settings = settings;
        this.whenLost = whenLost;
        this.nodes = Ray.getRuntimeContext().getAllNodeInfo();
        this.ownNode = Ray.getRuntimeContext().getCurrentNodeId();
        NodeInfo own = ownNode()
                .orElseThrow(() -> new IllegalStateException("Ray does not know the node that this driver joined"));
        this.ownNodeManager = new InetSocketAddress(own.nodeAddress, own.nodeManagerPort);
        looking.scheduleWithFixedDelay(this::look, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
        asking.scheduleWithFixedDelay(this::ask, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private Optional<NodeInfo> ownNode() {
        return nodes.stream()
                .filter(node -> node.isAlive && node.nodeId.equals(ownNode))
                .findFirst();
    }

    private void ask() {
        try {
            nodes = Ray.getRuntimeContext().getAllNodeInfo();
            askedNanos = System.nanoTime();
        } catch (RuntimeException failed) {
            LOG.warn("Ray's head does not say which nodes there are: {}", failed.toString());
        }
    }

    private void look() {
        boolean headAnswers = accepts(new InetSocketAddress(settings.host(), settings.port()));
        boolean isSilent = System.nanoTime() - askedNanos > SILENT_NANOS;
        if (!headAnswers) {
            whyNot = "the Ray head does not answer at " + settings.address();
        } else if (isSilent) {
            whyNot = "the Ray head takes connections but does not answer";
        } else {
            whyNot = "";
        }
        boolean present = accepts(ownNodeManager) && (isSilent || ownNode().isPresent());
        missed = present ? 0 : missed + 1;
        if (!present) {
            whyNot = "the Ray node beside the driver is gone";
        }
        if (missed == LOST_AFTER) {
            LOG.error("The Ray node that this driver joined is gone; only a new process can join another");
            whenLost.run();
        }
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_PATIENCE_MS);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    Optional<String> whyNotReady() {
        return Optional.of(whyNot).filter(reason -> !reason.isEmpty());
    }

    boolean mayRun(Computation computation) {
        return nodes.stream().filter(node -> node.isAlive).anyMatch(node -> Needs.fit(computation, node.resources));
    }

    /** Tells what no node has from what is in use; the list of nodes is a second old at most. */
    String whyWaiting(Computation computation) {
        String needed = Needs.text(computation);
        return mayRun(computation)
                ? "its actor is starting, or waits until a node of the cluster has " + needed + " free"
                : "no node of the cluster has " + needed + "; it waits until one joins";
    }

    @Override
    public void close() {
        looking.shutdownNow();
        asking.shutdownNow();
    }
}
