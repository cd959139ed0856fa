package org.raygateway.ray.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests of the Python package, with this build's broker. They print their own report where they fail. */
class PythonPackageIT {
    private static final long MINUTES = 5;

    @TempDir
    Path folder;

    @Test
    void passesItsOwnTests() throws IOException, InterruptedException {
        RayCluster.requireRay("--tests");
        Path output = folder.resolve("pytest.txt");
        ProcessBuilder pytest = new ProcessBuilder(
                        RayCluster.python().toString(), "-m", "pytest", "-v", "-p", "no:cacheprovider")
                .directory(new File("ray"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        pytest.environment().put("RAYGATEWAY_TEST_CLASSPATH", System.getProperty("java.class.path"));
        pytest.environment().put("PYTHONDONTWRITEBYTECODE", "1");

        Process process = pytest.start();
        boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();

        String report = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as("ended in time:%n%s", report).isTrue();
        assertThat(process.waitFor()).as(report).isZero();
        assertThat(report).contains(" passed").doesNotContain(" skipped");
    }
}
