package org.raygateway.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.raygateway.mesh.Mesh.Outcome;
import org.raygateway.ray.cluster.RayCluster;

/**
 * A real Ray cluster on two machines, head and driver on 1, all CPUs on 2, by the project's own scripts. The machines are
 * network namespaces with a firewall each.
 */
final class RayMachines implements AutoCloseable {
    private static final String CABLE = "rr" + ProcessHandle.current().pid() % 10_000;
    private static final Path PYTHON = Path.of("src/test/python").toAbsolutePath();
    private static final Path RAY = Path.of("ray").toAbsolutePath();
    // A broker that is not there: statuses stay with the driver, which is asked for them.
    private static final String SERVICE_BUS = "Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=test;"
            + "SharedAccessKey=c2VjcmV0;UseDevelopmentEmulator=true";

    private final Path directory;
    private final Mesh mesh;
    private Process driver;
    private Wire wire;

    /**
     * Skips the tests where such machines or Ray cannot be had, but fails them on a build server.
     *
     * @param directory short, since it holds sockets
     */
    RayMachines(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        // Below the range of the other ports, which are picked at random.
        mesh = new Mesh(
                directory, Map.of("MESH_CABLE", CABLE, "MESH_RAY_BASE", "5000", "MESH_RAY_NODE_UPSTREAM_BASE", "6000"));
        Namespaces.requirePossible();
        RayCluster.requireRay();
    }

    void up() throws IOException, InterruptedException {
        mesh.must("two-machines", "up");
        wire = new Wire(inside(1, python("wire.py", CABLE + "-v1", "ray.rpc", "cleartext-marker")));
        startNode(1, "start-head", "--num-cpus=0");
        startNode(2, "start-worker", "--num-cpus=1");
        startDriver();
    }

    private void startNode(int machine, String script, String resources) throws IOException, InterruptedException {
        Files.writeString(portsFile(machine), onMachine(machine, "consul/ray-ports"));
        List<String> command = new ArrayList<>(ofNode(machine));
        command.add("RAYGATEWAY_PORTS=" + portsFile(machine));
        command.add("RAYGATEWAY_NODE_IP=" + address(machine));
        command.add("RAYGATEWAY_BEHIND_FIREWALL=yes");
        command.add("RAYGATEWAY_HEAD_ADDRESS=" + gcsAddress(machine));
        command.add("RAYGATEWAY_RAY_TEMP=" + directory.resolve("t"));
        command.add("RAYGATEWAY_PYTHONPATH=" + PYTHON);
        command.add("RAYGATEWAY_SERVICEBUS_CONNECTION_STRING=" + SERVICE_BUS);
        command.addAll(List.of(RAY.resolve(script).toString(), resources, "--object-store-memory=100000000"));
        onMachine(machine, command.toArray(String[]::new));
    }

    private List<String> ofNode(int machine) {
        return List.of("env", "RAYGATEWAY_RUN_DIR=" + directory.resolve("ray-" + machine));
    }

    private void startDriver() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(inside(
                        1, List.of(Path.of("ray-gateway").toAbsolutePath().toString(), "driver")))
                .redirectErrorStream(true)
                .redirectOutput(driverLog().toFile());
        builder.environment()
                .putAll(Map.of(
                        "GATEWAY_RAY_ADDRESS", gcsAddress(1),
                        "GATEWAY_RAY_NODE_IP", address(1),
                        "GATEWAY_DRIVER_PORT", Integer.toString(mesh.port("MESH_DRIVER_PORT")),
                        "RAYGATEWAY_SERVICEBUS_CONNECTION_STRING", SERVICE_BUS,
                        "JAVA_HOME", System.getProperty("java.home"),
                        "RAY_GATEWAY_BUILD", "never"));
        driver = builder.start();
    }

    /** Fails once the driver's supervisor has ended, as it does where it is not built. */
    void checkDriver() throws IOException {
        if (!driver.isAlive()) {
            throw new IllegalStateException("the driver ended: " + Files.readString(driverLog()));
        }
    }

    private Path driverLog() {
        return directory.resolve("driver.log");
    }

    Mesh mesh() {
        return mesh;
    }

    Wire wire() {
        return wire;
    }

    String cable() {
        return CABLE + "-v1";
    }

    /** Where Ray's node listens on a machine, and is reached on the other. */
    static String address(int machine) {
        return "127.0.1." + machine;
    }

    /** Where a machine reaches GCS: the head itself, or its sidecar's way there. */
    String gcsAddress(int machine) {
        return address(1) + ":" + mesh.port(machine == 1 ? "MESH_GCS_PORT" : "MESH_RAY_GCS_UPSTREAM_PORT");
    }

    /** The fixed ports that a machine's Ray node was given, those of its workers by the first and the last. */
    List<String> ports(int machine) throws IOException {
        return Files.readAllLines(portsFile(machine)).stream()
                .map(line -> line.split("=")[1])
                .toList();
    }

    private Path portsFile(int machine) {
        return directory.resolve("ports-" + machine + ".env");
    }

    /** The number of a machine's namespace, which its processes see too. */
    static long namespace(int machine) throws IOException {
        return (Long) Files.getAttribute(Path.of("/var/run/netns", CABLE + "-" + machine), "unix:ino");
    }

    /** What a command says that has to succeed on a machine. */
    String onMachine(int machine, String... command) throws IOException, InterruptedException {
        Outcome outcome = tryOnMachine(machine, command);
        if (outcome.exitCode() != 0) {
            throw new IllegalStateException(
                    List.of(command) + " ended with " + outcome.exitCode() + ": " + outcome.output());
        }
        return outcome.output();
    }

    private Outcome tryOnMachine(int machine, String... command) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("run", Integer.toString(machine)));
        arguments.addAll(List.of(command));
        return mesh.run("two-machines", arguments.toArray(String[]::new));
    }

    /** Runs a script of src/test/python by the Python that Ray is installed for. */
    Outcome runPython(int machine, String script, String... arguments) throws IOException, InterruptedException {
        return tryOnMachine(machine, python(script, arguments).toArray(String[]::new));
    }

    private static List<String> python(String script, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", ". ray/node.sh; exec \"$venv/bin/python\" \"$@\""));
        command.addAll(List.of("python", PYTHON.resolve(script).toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The command as a process of its own, that a signal reaches. */
    private static List<String> inside(int machine, List<String> command) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", CABLE + "-" + machine));
        whole.addAll(command);
        return whole;
    }

    @Override
    public void close() throws IOException {
        Closing.all(
                "the two machines",
                List.of(
                        this::stopWire,
                        this::stopDriver,
                        () -> stopNode(2),
                        () -> stopNode(1),
                        () -> mesh.must("two-machines", "down"),
                        mesh));
    }

    private void stopWire() {
        if (wire != null) {
            wire.close();
        }
    }

    private void stopNode(int machine) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ofNode(machine));
        command.add(RAY.resolve("stop").toString());
        Outcome stopped = mesh.execute(command.toArray(String[]::new));
        if (stopped.exitCode() != 0) {
            throw new IllegalStateException("Ray's node " + machine + " did not stop: " + stopped.output());
        }
    }

    private void stopDriver() throws InterruptedException {
        if (driver != null) {
            List<ProcessHandle> all = driver.descendants().toList();
            driver.destroy();
            driver.waitFor(20, TimeUnit.SECONDS);
            all.forEach(ProcessHandle::destroyForcibly);
            driver.destroyForcibly();
        }
    }
}
