package org.raygateway.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.raygateway.Requirement.require;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.raygateway.FreePorts;
import org.raygateway.driver.v1.DescribeRequest;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.RayDriverGrpc;

/** A real Ray head of one node on loopback and its driver, by the project's own scripts, on ports of their own. */
public final class RayCluster implements AutoCloseable {
    private static final Path SCRIPTS = Path.of("ray").toAbsolutePath();
    private static final Duration START = Duration.ofSeconds(90);

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> nodeOnly;
    private final Map<String, String> driverOnly;
    private final int driverPort = FreePorts.one();
    private final ManagedChannel channel;
    private Process supervisor;

    private RayCluster(Path folder, Map<String, String> nodeOnly, Map<String, String> driverOnly) throws IOException {
        this.folder = folder;
        Path ports = folder.resolve("ports.env");
        int gcs = RayPorts.write(ports);
        environment.put("RAYGATEWAY_PORTS", ports.toString());
        environment.put("RAYGATEWAY_RUN_DIR", folder.resolve("run").toString());
        environment.put("RAYGATEWAY_RAY_TEMP", folder.resolve("t").toString());
        environment.put(
                "RAYGATEWAY_PYTHONPATH",
                Path.of("src/test/python").toAbsolutePath().toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("GATEWAY_RAY_ADDRESS", "127.0.0.1:" + gcs);
        environment.put("GATEWAY_DRIVER_PORT", Integer.toString(driverPort));
        environment.put("RAY_GATEWAY_BUILD", "never");
        this.nodeOnly = nodeOnly;
        this.driverOnly = driverOnly;
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", driverPort)
                .usePlaintext()
                .build();
    }

    /** Skips the test where Ray cannot be had, but never in CI. */
    public static void requireRay(String... options) {
        Result install = runScript(Map.of(), "install", options);
        require(
                install.code == 0,
                "Ray cannot be had here, so nothing is tested on a real cluster: " + install.lastLine());
    }

    /** The interpreter that has Ray. */
    public static Path python() {
        String cache = System.getenv()
                .getOrDefault(
                        "RAYGATEWAY_CACHE",
                        System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache")
                                + "/ray-gateway");
        return Path.of(cache, "ray-2.39.0-py3.11", "bin", "python");
    }

    /**
     * @param folder short, since it holds sockets
     * @param computations a jar of them
     */
    static RayCluster start(Path folder, String serviceBus, Path computations) throws IOException {
        String key = "RAYGATEWAY_SERVICEBUS_CONNECTION_STRING";
        return start(
                folder,
                Map.of(key, serviceBus),
                Map.of(key, serviceBus, "GATEWAY_RAY_CLASS_PATH", computations.toString()));
    }

    /**
     * Starts head and driver.
     *
     * @param folder short, since it holds sockets
     * @param node environment of the Ray node, which its workers inherit
     * @param driver environment of the driver
     */
    static RayCluster start(Path folder, Map<String, String> node, Map<String, String> driver) throws IOException {
        RayCluster cluster = new RayCluster(folder, node, driver);
        try {
            cluster.startHead();
            cluster.startDriver();
            return cluster;
        } catch (RuntimeException | Error failure) {
            cluster.close();
            throw failure;
        }
    }

    void startHead() {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(nodeOnly);
        Result started = runScript(all, "start-head", "--num-cpus=2", "--object-store-memory=100000000");
        assertThat(started.code).as(started.output).isZero();
    }

    private void startDriver() {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of("ray-gateway").toAbsolutePath().toString(), "driver")
                .redirectErrorStream(true)
                .redirectOutput(driverLog().toFile());
        builder.environment().putAll(environment);
        builder.environment().putAll(driverOnly);
        try {
            supervisor = builder.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        awaitDriver();
    }

    Path driverLog() {
        return folder.resolve("driver.log");
    }

    String driverAddress() {
        return "127.0.0.1:" + driverPort;
    }

    /** By gRPC's standard health service. */
    void awaitDriver() {
        await().atMost(START).until(this::isServing);
    }

    void awaitDriverGone() {
        await().atMost(START).until(() -> !isServing());
    }

    private boolean isServing() {
        channel.resetConnectBackoff();
        try {
            return HealthGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(2, TimeUnit.SECONDS)
                            .check(HealthCheckRequest.getDefaultInstance())
                            .getStatus()
                    == ServingStatus.SERVING;
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    Execution describe(String job) {
        return RayDriverGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .describe(DescribeRequest.newBuilder().addJobId(job).build())
                .getExecution(0);
    }

    boolean isSupervised() {
        return supervisor.isAlive();
    }

    /** The driver's process proper. */
    ProcessHandle driver() {
        return supervisor
                .children()
                .filter(ProcessHandle::isAlive)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the supervisor has no child"));
    }

    /** Workers that hold an actor written in Java. */
    List<ProcessHandle> javaWorkers() {
        return headProcesses()
                .filter(process -> arguments(process).contains("io.ray.runtime.runner.worker.DefaultWorker"))
                .filter(process -> arguments(process).startsWith("java"))
                .toList();
    }

    /** Workers that hold an actor written in Python. */
    List<ProcessHandle> pythonActors() {
        return headProcesses()
                .filter(process -> arguments(process).startsWith("ray::ComputationActor"))
                .toList();
    }

    void killHead() {
        headProcesses().forEach(ProcessHandle::destroyForcibly);
    }

    /** The head's process leads the session of all that it started. */
    private Stream<ProcessHandle> headProcesses() {
        try {
            String leader = Files.readString(folder.resolve("run/head.pid")).split("\\s+")[0];
            Result listed = run(new ProcessBuilder("ps", "-o", "pid=", "-s", leader));
            return listed.output
                    .lines()
                    .map(String::trim)
                    .filter(line -> !line.isEmpty())
                    .flatMap(line -> ProcessHandle.of(Long.parseLong(line)).stream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String arguments(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException gone) {
            return "";
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        if (supervisor != null) {
            supervisor.destroy();
            if (!ended(supervisor)) {
                supervisor.descendants().forEach(ProcessHandle::destroyForcibly);
                supervisor.destroyForcibly();
            }
        }
        Result stopped = runScript(environment, "stop");
        assertThat(stopped.code).as(stopped.output).isZero();
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private record Result(int code, String output) {
        String lastLine() {
            return output.lines().reduce("", (before, line) -> line);
        }
    }

    private static Result runScript(Map<String, String> environment, String script, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(SCRIPTS.resolve(script).toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment);
        return run(builder);
    }

    private static Result run(ProcessBuilder builder) {
        try {
            Process process = builder.redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            return new Result(process.waitFor(), output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
