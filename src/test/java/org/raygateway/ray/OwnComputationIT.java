package org.raygateway.ray;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.ComputationJar;
import org.raygateway.GatewayFixture;
import org.raygateway.TestHttp;

/** Computations that users bring in jars of their own. */
class OwnComputationIT {
    private static final String HALVE = "{\"simulation_type\": \"halve\", \"parameters\": {\"number\": 7}}";

    @TempDir
    Path folder;

    @Test
    void runsComputationOfJarInFolderOfClassPath() throws IOException {
        Path jars = Files.createDirectory(folder.resolve("jars"));
        ComputationJar.write(
                jars,
                "Halve",
                """
                public Map<String, Object> run(Parameters parameters, Progress progress) {
                    double number = parameters.decimal("number", -1e9, 1e9);
                    progress.report(50, "half way");
                    return Map.of("half", number / 2);
                }""");
        try (GatewayFixture gateway = start("gateway.ray.class-path", jars.toString())) {
            String job = submit(gateway);
            gateway.awaitStatus(job, "COMPLETED");
            assertThat(gateway.http().get("/jobs/" + job + "/result").body()).contains("{\"half\":3.5}");
        }
    }

    @Test
    void failsJobWhoseClassIsNotThere() throws IOException {
        try (GatewayFixture gateway = start()) {
            String job = submit(gateway);
            gateway.awaitStatus(job, "FAILED");
            assertThat(gateway.find(job).get("message").asText()).contains("there is no class org.example.Halve");
        }
    }

    private static String submit(GatewayFixture gateway) {
        return TestHttp.json(gateway.http().post("/jobs", HALVE)).path("job_id").asText();
    }

    private GatewayFixture start(String... settings) throws IOException {
        Path catalogue = Files.createDirectory(folder.resolve("computations"));
        Files.writeString(
                catalogue.resolve("halve.yaml"),
                """
                name: halve
                title: Half of a number
                description: Divides a number by two.
                language: java
                entry-point: org.example.Halve
                isolation: pooled
                timeout: 10s
                parameters:
                  type: object
                  additionalProperties: false
                  required: [number]
                  properties:
                    number: {type: number, minimum: -1e9, maximum: 1e9}
                example: {number: 7}
                """);
        String[] all = new String[settings.length + 2];
        System.arraycopy(settings, 0, all, 0, settings.length);
        all[settings.length] = "gateway.computations-dir";
        all[settings.length + 1] = catalogue.toString();
        return GatewayFixture.start(folder.resolve("data"), all);
    }
}
