package org.raygateway.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Status.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.FreePorts;
import org.raygateway.driver.v1.Computation;
import org.raygateway.driver.v1.DescribeReply;
import org.raygateway.driver.v1.DescribeRequest;
import org.raygateway.driver.v1.Execution;
import org.raygateway.driver.v1.SubmitReply;
import org.raygateway.driver.v1.SubmitRequest;
import org.raygateway.mesh.Mesh.Outcome;

/** A real Ray cluster whose head and worker are on different machines, with no port open but sidecars' and Consul's. */
@Tag("cluster")
@Timeout(300)
class TwoMachinesRayIT {
    private static final Duration START = Duration.ofSeconds(180);
    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final String HEAD_ON_THE_NETWORK = "10.99.0.1";
    private static final String MARKER = "cleartext-marker";
    private static final String DRIVER = "raygateway.driver.v1.RayDriver/";
    private static final String NOTHING = "";

    @TempDir
    private static Path directory;

    private static RayMachines machines;

    @BeforeAll
    @Timeout(2400)
    static void bringUp() throws Exception {
        machines = new RayMachines(directory);
        machines.up();
        await().atMost(START).pollInterval(PAUSE).until(() -> {
            machines.checkDriver();
            return gatewayCalls("Health", NOTHING).startsWith("OK ");
        });
    }

    @AfterAll
    static void takeDown() throws Exception {
        if (machines != null) {
            machines.close();
        }
    }

    @Test
    void computesAJobOnTheWorkerAndLeavesNothingReadableOnTheWire() throws Exception {
        JsonNode ended = runJob();

        assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("COMPLETED");
        assertThat(ended.path("result").path("namespace").asLong()).isEqualTo(RayMachines.namespace(2));

        JsonNode seen = machines.wire().seen();
        JsonNode cable = seen.path(machines.cable());
        assertThat(seen.path("lost").asInt()).isZero();
        assertThat(strings(seen.path("lo").path("readable")))
                .as("the same traffic within the head's machine")
                .contains("ray.rpc", MARKER);
        assertThat(strings(cable.path("readable"))).as(seen.toString()).isEmpty();
        assertThat(strings(cable.path("asked")))
                .contains(port("MESH_RAY_GCS_SIDECAR_PORT"), port("MESH_RAY_NODE_SIDECAR_PORT"))
                .isSubsetOf(
                        port("MESH_RAY_GCS_SIDECAR_PORT"),
                        port("MESH_RAY_NODE_SIDECAR_PORT"),
                        port("MESH_RAY_HEAD_SIDECAR_PORT"),
                        port("MESH_CONSUL_SERVER_PORT"),
                        port("MESH_CONSUL_SERF_PORT"));
    }

    @Test
    void keepsAWorkerThatWasTakenOverFromTheDriver() throws Exception {
        int way = FreePorts.find(1).get(0);
        addUpstreamToWorker("ray-head", way);

        await().atMost(PATIENCE).pollInterval(PAUSE).until(() -> call(2, way, "Health", NOTHING)
                .startsWith(Code.PERMISSION_DENIED.name()));
        assertThat(call(2, way, "Submit", NOTHING)).startsWith(Code.PERMISSION_DENIED.name());
        assertThat(gatewayCalls("Health", NOTHING)).startsWith("OK ");
    }

    @Test
    void keepsAWorkerThatWasTakenOverFromRegisteringAJobWhileTasksGoOn() throws Exception {
        Outcome worker = runTask(2);

        assertThat(worker.output()).contains("RBAC: access denied").doesNotContain("namespace ");
        assertThat(worker.exitCode()).isNotZero();
        Outcome head = runTask(1);
        assertThat(head.output()).contains("namespace " + RayMachines.namespace(2));
    }

    @Test
    void closesRaysPortsToTheOtherMachine() throws Exception {
        List<String> ports = new ArrayList<>(machines.ports(1));
        ports.add(port("MESH_DRIVER_PORT"));

        assertThat(openPorts(1, ports)).as("to the head's machine itself").contains(port("MESH_GCS_PORT"), "5100");
        assertThat(openPorts(2, ports)).isEmpty();
    }

    /** Through the driver, as the gateway does it; the terminal status. */
    private static JsonNode runJob() throws Exception {
        String job = UUID.randomUUID().toString();
        Computation computation = Computation.newBuilder()
                .setName("whereabouts")
                .setLanguage(Computation.Language.PYTHON)
                .setEntryPoint("whereabouts:Whereabouts")
                .setIsolation(Computation.Isolation.DEDICATED)
                .setCpus(1)
                .setMemoryBytes(64 << 20)
                .setTimeoutMs(PATIENCE.toMillis())
                .setGraceMs(1000)
                .build();
        SubmitRequest request = SubmitRequest.newBuilder()
                .setJobId(job)
                .setAttempt(1)
                .setComputation(computation)
                .setParametersJson("{\"note\": \"" + MARKER + "\"}")
                .build();
        SubmitReply reply = SubmitReply.parseFrom(accepted("Submit", request));
        assertThat(reply.getOutcome()).as(reply.getReason()).isEqualTo(SubmitReply.Outcome.STARTED);
        Execution ended = await().atMost(PATIENCE)
                .pollInterval(PAUSE)
                .until(() -> describe(job), found -> found.getState() == Execution.State.ENDED);
        return new ObjectMapper().readTree(ended.getStatusJson());
    }

    private static Execution describe(String job) throws Exception {
        DescribeRequest request = DescribeRequest.newBuilder().addJobId(job).build();
        return DescribeReply.parseFrom(accepted("Describe", request)).getExecution(0);
    }

    private static ByteString accepted(String method, Message request) throws Exception {
        String answer = gatewayCalls(method, HexFormat.of().formatHex(request.toByteArray()));
        assertThat(answer).startsWith("OK ");
        return ByteString.copyFrom(HexFormat.of().parseHex(answer.substring("OK ".length())));
    }

    private static String gatewayCalls(String method, String request) throws Exception {
        return call(1, machines.mesh().port("MESH_RAY_HEAD_UPSTREAM_PORT"), method, request);
    }

    /** The status, and the reply in hexadecimal digits, of a call that a process of a machine makes to a port there. */
    private static String call(int machine, int port, String method, String request) throws Exception {
        Outcome outcome = machines.runPython(machine, "grpc_call.py", "127.0.0.1:" + port, DRIVER + method, request);
        return outcome.output().lines().reduce(NOTHING, (before, line) -> line);
    }

    /** What somebody with all that a worker's machine holds can do: have its own proxy lead to another service. */
    private static void addUpstreamToWorker(String service, int port) throws Exception {
        String upstream = "upstreams {\n destination_name = \"" + service + "\"\n local_bind_port = " + port + "\n }\n";
        Path changed = directory.resolve("taken-over.hcl");
        String registered = Files.readString(directory.resolve("2/config/ray-node.hcl"));
        Files.writeString(changed, registered.replaceFirst("upstreams \\{", upstream + " upstreams {"));
        machines.onMachine(
                2,
                machines.mesh().consul(),
                "services",
                "register",
                "-http-addr=http://127.0.0.1:" + port("MESH_CONSUL_HTTP_PORT"),
                "-token-file=" + directory.resolve("2/secrets/token-ray-node"),
                changed.toString());
    }

    private static Outcome runTask(int machine) throws Exception {
        return machines.runPython(machine, "ray_task.py", RayMachines.address(machine), machines.gcsAddress(machine));
    }

    private static List<String> openPorts(int machine, List<String> ports) throws Exception {
        String[] arguments =
                Stream.concat(Stream.of(HEAD_ON_THE_NETWORK), ports.stream()).toArray(String[]::new);
        String output = machines.runPython(machine, "open_ports.py", arguments).output();
        assertThat(output).startsWith("open");
        return Stream.of(output.strip().split(" ")).skip(1).toList();
    }

    private static String port(String setting) {
        return Integer.toString(machines.mesh().port(setting));
    }

    private static List<String> strings(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
