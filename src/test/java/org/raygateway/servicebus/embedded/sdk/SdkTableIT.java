package org.raygateway.servicebus.embedded.sdk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raygateway.ray.cluster.RayCluster;

/** What the page says of the SDKs for Java and Python is what they do. {@link JavaScriptAndGoSdkTable} does the others. */
class SdkTableIT {

    @TempDir
    Path ofJava;

    @TempDir
    Path ofPython;

    @Test
    void pageTellsWhatJavaAndPythonCanDo() throws IOException, InterruptedException {
        RayCluster.requireRay();
        List<Outcome> java = JavaSuite.run(ofJava);
        List<Outcome> python =
                ForeignSuite.run(ofPython, RayCluster.python().toString(), "src/test/sdk/python/suite.py");
        SdkChecks.check(Map.of("Java", java, "Python", python));
    }
}
